#include "programs/kontor/remote_write.hpp"

#include <fmt/core.h>

#include <charconv>

namespace kontor::programs {
namespace {

/// "K001=2" as its two halves; without a number, one.
Result<std::pair<std::string, std::int64_t>, Trouble> counted(std::string const& text) {
    auto const equals = text.find('=');
    if (equals == std::string::npos)
        return std::pair(text, std::int64_t{1});
    std::int64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [read_to, error] = std::from_chars(text.data() + equals + 1, end, number);
    if (error != std::errc{} || read_to != end || number < 1)
        return unexpected(
            Trouble("usage", {FailureKind::invalid, "a line is NAME=UNITS, as in K001=2", text}));
    return std::pair(text.substr(0, equals), number);
}

} // namespace

Result<boost::json::array, Trouble> lines_of(std::vector<std::string> const& given,
                                             char const* name) {
    boost::json::array lines;
    for (auto const& text : given) {
        KONTOR_TRY(auto const line, counted(text));
        boost::json::value which(line.first);
        if (std::string_view(name) == "line") {
            KONTOR_TRY(auto const number, counted("=" + line.first));
            which = number.second;
        }
        lines.push_back(boost::json::object{{name, which}, {"quantity", line.second}});
    }
    return lines;
}

Result<boost::json::object, Trouble> quoted(Remote& remote, OrderWish const& wish) {
    boost::json::object asked{
        {"lines", wish.lines}, {"currency", wish.currency}, {"country", wish.country}};
    if (!wish.shipping.empty())
        asked["shipping_method"] = wish.shipping;
    if (!wish.coupon.empty())
        asked["coupon"] = wish.coupon;
    KONTOR_TRY(auto answer, remote.send({"POST", "/v1/quotes", std::move(asked)}));
    return answer.body.as_object();
}

boost::json::object order_body(OrderWish const& wish, boost::json::object const& quote) {
    boost::json::object body{{"lines", wish.lines},
                             {"currency", wish.currency},
                             {"ship_to",
                              {{"name", wish.name},
                               {"lines", boost::json::array{wish.street}},
                               {"city", wish.city},
                               {"postcode", wish.postcode},
                               {"country", wish.country}}},
                             {"contact", {{"email", wish.email}}},
                             {"payment", {{"method", "card"}, {"token", wish.card}}},
                             {"expected_total", quote.at("total")}};
    if (auto const* const shipping = quote.if_contains("shipping_method");
        shipping != nullptr && shipping->is_string())
        body["shipping_method"] = *shipping;
    if (!wish.coupon.empty())
        body["coupon"] = wish.coupon;
    if (!wish.customer.empty())
        body["customer_id"] = wish.customer;
    return body;
}

Result<std::string, Trouble> version_at(Program& program, std::string const& path) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const thing, remote.get(path));
    auto const* const object = thing.if_object();
    auto const* const version = object == nullptr ? nullptr : object->if_contains("version");
    return version == nullptr ? std::string("\"v0\"") : fmt::format("\"v{}\"", readable(*version));
}

Result<RemoteAnswer, Trouble> written(Program& program, RemoteCall call, WriteFlags const& flags) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    call.key = flags.key.empty() ? fresh_key() : flags.key;
    if (flags.wait_s > 0)
        call.prefer = fmt::format("wait={}", flags.wait_s);
    if (call.body && !flags.reason.empty())
        (*call.body)["reason"] = flags.reason;
    else
        call.reason = flags.reason;
    if (program.output.options().verbose)
        program.output.notice(
            fmt::format("{} {}{} with the key {}", call.method, remote.url(), call.path, call.key));
    KONTOR_TRY(auto answer, remote.send(call));
    if (answer.was_replayed)
        program.output.notice("This key was used before: the same answer again.");
    return answer;
}

Outcome write(Program& program, RemoteCall call, WriteFlags const& flags) {
    KONTOR_TRY(auto const answer, written(program, std::move(call), flags));
    show_remote_thing(program.output, answer.body);
    return ExitCode::ok;
}

void add_write_flags(CLI::App& command, WriteFlags& flags) {
    command.add_option("--key", flags.key,
                       "the idempotency key: the same one again changes nothing (default: fresh)");
    command.add_option("--wait", flags.wait_s, "up to so many seconds, until it is settled")
        ->check(CLI::Range(0, 10));
}

} // namespace kontor::programs
