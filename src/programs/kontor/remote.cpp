#include "programs/kontor/remote.hpp"

#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/serve_files.hpp"
#include "programs/kontor/streams.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <iterator>
#include <thread>

namespace kontor::programs {
namespace {

constexpr std::uint64_t page_max = 200;
constexpr int page_tries_max = 10;
constexpr auto turn_comes_within = std::chrono::seconds(1); ///< calls are counted by the second
constexpr std::size_t key_letters = 26;

std::string from_environment(char const* name) {
    auto const* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

/// The kind whose exit code a status has.   Source: INTERFACES section 2, exit codes.
FailureKind kind_of(std::uint16_t status) {
    if (status == 404)
        return FailureKind::not_found;
    if (status == 409 || status == 412 || status == 428)
        return FailureKind::conflict;
    if (status == 429 || status == 503)
        return FailureKind::unavailable;
    if (status == 504)
        return FailureKind::timed_out;
    return FailureKind::unsupported; // whatever else went wrong is 1
}

/// What is wrong, field by field, as far as the sentence before does not say it already.
std::string told_by(boost::json::object const& problem, std::string what) {
    auto const* const errors = problem.if_contains("errors");
    if (errors == nullptr || !errors->is_array())
        return what;
    for (auto const& each : errors->get_array()) {
        if (!each.is_object())
            continue;
        auto const place = text_in(each.get_object(), "pointer");
        auto const message = text_in(each.get_object(), "message");
        if (what.find(message) == std::string::npos)
            what += fmt::format("; {}{}{}", place, place.empty() ? "" : ": ", message);
    }
    return what;
}

std::string token_for(Program const& program) {
    if (!program.token_file.empty())
        return first_line_of(program.token_file);
    if (auto token = from_environment("KONTOR_TOKEN"); !token.empty())
        return token;
    return first_line_of(program.settings.text("data.directory") + "/run/dev.token");
}

std::string server_for(Program const& program) {
    if (!program.url.empty())
        return program.url;
    if (auto url = from_environment("KONTOR_URL"); !url.empty())
        return url;
    auto const address = read_address(program.settings.text("data.directory"));
    return address ? address->console : "";
}

/// An address to which a parameter can be added, without its `after`.
std::string without_after(std::string path) {
    for (auto at = path.find("after="); at != std::string::npos; at = path.find("after=", at + 1))
        if (path[at - 1] == '?' || path[at - 1] == '&') {
            auto const end = path.find('&', at);
            path.erase(at, end == std::string::npos ? end : end + 1 - at);
            break;
        }
    if (path.ends_with('?') || path.ends_with('&'))
        return path;
    return path + (path.find('?') == std::string::npos ? '?' : '&');
}

/// Where a list goes on: at the address that it says, or behind the position that a part of the log
/// ended with. Empty: nowhere.
std::string next_of(boost::json::object const& page, std::string const& path) {
    auto const next = text_in(page, "next");
    auto const* const has_more = page.if_contains("has_more");
    bool const goes_on = has_more != nullptr && has_more->is_bool() && has_more->get_bool();
    if (!next.empty() || !goes_on || !page.contains("after"))
        return next;
    auto base = without_after(path);
    return fmt::format("{}after={}", base, text_in(page, "after"));
}

/// Errors: unavailable (it is no list).
Result<boost::json::array const*, Trouble> rows_of(boost::json::value const& page,
                                                   std::string const& path) {
    auto const* const object = page.if_object();
    auto const* const listed = object == nullptr ? nullptr : object->if_contains("data");
    if (listed == nullptr || !listed->is_array())
        return unexpected(Failure{FailureKind::unavailable, "the answer is no list", path});
    return &listed->get_array();
}

} // namespace

Trouble refused_by(curl::HttpAnswer const& answer, std::string const& place) {
    boost::json::error_code error;
    auto const parsed = boost::json::parse(answer.body, error);
    auto const* const problem = error ? nullptr : parsed.if_object();
    Failure failure{kind_of(answer.status), fmt::format("the server answered {}", answer.status),
                    place};
    if (problem == nullptr)
        return {"unavailable", std::move(failure)};
    auto what = text_in(*problem, "detail");
    failure.what = told_by(*problem, what.empty() ? text_in(*problem, "title") : what);
    auto const name = text_in(*problem, "name");
    if (problems::find_problem(name) == nullptr)
        return {"unavailable", std::move(failure)};
    // What stands in `errors` is said above: nobody here sees a member of that name.
    auto const remedy = problem->contains("errors") ? "Correct that, and send it again."
                                                    : text_in(*problem, "remedy");
    return {name, std::move(failure), remedy};
}

std::string text_in(boost::json::object const& object, std::string_view name) {
    auto const* const value = object.if_contains(name);
    return value != nullptr ? readable(*value) : "";
}

std::string encoded(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') ||
                              std::string_view("-._~").find(c) != std::string_view::npos;
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

Result<std::optional<Remote>, Trouble> Remote::find(Program const& program) {
    auto url = server_for(program);
    if (url.empty())
        return std::optional<Remote>();
    while (url.ends_with('/'))
        url.pop_back();
    Remote remote;
    remote.url_ = std::move(url);
    remote.token_ = token_for(program);
    KONTOR_TRY(remote.client_, curl::HttpClient::open());
    return std::optional(std::move(remote));
}

Result<Remote, Trouble> Remote::reach(Program const& program) {
    KONTOR_TRY(auto found, find(program));
    if (!found)
        return unexpected(Trouble("no_server", {FailureKind::unavailable, "no server is open here",
                                                program.settings.text("data.directory")}));
    return *std::move(found);
}

Result<curl::HttpAnswer, Trouble> Remote::answered(RemoteCall const& call) {
    curl::HttpCall sent{call.method, url_ + call.path};
    auto const add = [&](char const* name, std::string const& value) {
        if (!value.empty())
            sent.headers.emplace_back(name, value);
    };
    add("Authorization", token_.empty() ? "" : "Bearer " + token_);
    add("Idempotency-Key", call.key);
    add("If-Match", call.if_match);
    add("Prefer", call.prefer);
    add("Kontor-Reason", call.reason);
    sent.within = call.within;
    if (call.method != "GET")
        note_change();
    if (call.body) {
        add("Content-Type", "application/json");
        sent.body = boost::json::serialize(*call.body);
    } else if (call.text) {
        add("Content-Type", call.type);
        sent.body = *call.text;
    }
    auto answer = client_->send(sent);
    if (!answer && answer.error().kind == FailureKind::unavailable)
        return unexpected(Trouble("no_server", answer.error()));
    if (!answer)
        return unexpected(answer.error());
    if (answer->status < 200 || answer->status >= 300)
        return unexpected(refused_by(*answer, call.method + " " + call.path));
    return *std::move(answer);
}

Result<RemoteAnswer, Trouble> Remote::send(RemoteCall const& call) {
    KONTOR_TRY(auto const got, answered(call));
    RemoteAnswer read{{}, got.header("idempotency-replayed") == "true"};
    boost::json::error_code error;
    if (!got.body.empty())
        read.body = boost::json::parse(got.body, error);
    if (error)
        return unexpected(
            Failure{FailureKind::unavailable, "the answer is no JSON", url_ + call.path});
    return read;
}

Result<void, Trouble> Remote::table(std::string path,
                                    std::function<void(std::string_view)> const& take) {
    while (!path.empty()) {
        KONTOR_TRY(auto const got, answered({"GET", path}));
        take(got.body);
        auto const link = got.header("link"); // <…>; rel="next"
        auto const end = std::min(link.find('>'), link.size());
        path = link.empty() ? "" : std::string(link.substr(1, end - 1));
    }
    return {};
}

Result<boost::json::value, Trouble> Remote::get(std::string const& path) {
    KONTOR_TRY(auto answer, send({"GET", path}));
    return std::move(answer.body);
}

Result<std::vector<boost::json::object>, Trouble> Remote::rows(std::string const& path,
                                                               Duration within) {
    KONTOR_TRY(auto const answer, page(path, within));
    KONTOR_TRY(auto const* const listed, rows_of(answer, path));
    std::vector<boost::json::object> rows;
    for (auto const& row : *listed)
        if (row.is_object())
            rows.push_back(row.get_object());
    return rows;
}

/// One of many: a server counts calls, and who asks for all of a long list waits for his turn.
Result<boost::json::value, Trouble> Remote::page(std::string const& path, Duration within) {
    RemoteCall call{"GET", path};
    call.within = within;
    for (int tries_left = page_tries_max;; --tries_left) {
        auto got = send(call);
        if (got)
            return std::move(got->body);
        auto const& name = got.error().problem->name;
        bool const comes_again = name == "throttled" || name == "overloaded";
        if (!comes_again || tries_left == 1 || was_interrupted())
            return unexpected(std::move(got).error());
        std::this_thread::sleep_for(turn_comes_within);
    }
}

Result<bool, Trouble>
Remote::pages(std::string const& path, std::size_t limit,
              std::function<void(std::vector<boost::json::object>)> const& take) {
    auto next = fmt::format("{}{}limit={}", path, path.find('?') == std::string::npos ? '?' : '&',
                            std::min<std::uint64_t>(page_max, limit));
    bool has_more = false;
    for (std::size_t left = limit; !next.empty() && left > 0 && answer_lost() == 0;) {
        KONTOR_TRY(auto const got, page(next));
        KONTOR_TRY(auto const* const listed, rows_of(got, next));
        std::vector<boost::json::object> rows;
        for (auto const& row : *listed)
            if (row.is_object() && rows.size() < left)
                rows.push_back(row.get_object());
        left -= rows.size();
        bool const is_cut = rows.size() < listed->size();
        take(std::move(rows));
        next = next_of(got.get_object(), next);
        has_more = is_cut || !next.empty();
    }
    return has_more;
}

Result<std::vector<boost::json::object>, Trouble> Remote::list(std::string const& path,
                                                               std::size_t limit) {
    std::vector<boost::json::object> all;
    KONTOR_TRY(pages(path, limit, [&](std::vector<boost::json::object> rows) {
        all.insert(all.end(), std::make_move_iterator(rows.begin()),
                   std::make_move_iterator(rows.end()));
    }));
    return all;
}

std::string fresh_key() {
    return "cli-" + random_word(key_letters);
}

} // namespace kontor::programs
