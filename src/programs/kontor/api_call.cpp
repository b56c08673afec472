#include "programs/kontor/api_call.hpp"

#include "programs/kontor/streams.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

namespace kontor::programs {
namespace {

using services::Method;
using services::gateway::Route;

/// The server takes no more.
constexpr std::size_t body_bytes_max = std::size_t{1} << 20U;

Trouble misused(std::string what, std::string const& where) {
    return {"usage", {FailureKind::invalid, std::move(what), where}};
}

/// All of a file, or of stdin for "-".   Errors: not_found (file_not_found), usage (it is more than
/// a server takes).
Result<std::string, Trouble> text_of(std::string const& path) {
    std::ifstream file;
    if (path != "-")
        file.open(path, std::ios::binary);
    if (path != "-" && !file)
        return unexpected(
            Trouble("file_not_found", {FailureKind::not_found, "there is no such file", path}));
    auto& from = path == "-" ? std::cin : file;
    std::string text;
    for (char c = 0; from.get(c) && text.size() <= body_bytes_max;)
        text += c;
    if (text.size() > body_bytes_max)
        return unexpected(misused("a server takes 1 MiB at most", path));
    return text;
}

Result<boost::json::object, Trouble> object_in(std::string const& path) {
    KONTOR_TRY(auto const text, text_of(path));
    boost::system::error_code error;
    auto parsed = boost::json::parse(text, error);
    if (error || !parsed.is_object())
        return unexpected(
            Trouble("malformed", {FailureKind::invalid, "this is no JSON object", path}));
    return std::move(parsed.get_object());
}

Result<std::int64_t, Trouble> number_of(Argument const& argument, std::string const& typed) {
    std::int64_t number = 0;
    auto const* const end = typed.data() + typed.size();
    auto const [read_to, error] = std::from_chars(typed.data(), end, number);
    if (error != std::errc{} || read_to != end)
        return unexpected(misused(fmt::format("{} takes a whole number", argument.typed), typed));
    return number;
}

boost::json::array json_texts(std::vector<std::string> const& texts) {
    boost::json::array array;
    for (auto const& text : texts)
        array.emplace_back(text);
    return array;
}

/// "order=email,webhook" as the API writes it.
Result<boost::json::array, Trouble> channels_of(std::vector<std::string> const& typed) {
    boost::json::array all;
    for (auto const& text : typed) {
        auto const equals = text.find('=');
        if (equals == std::string::npos)
            return unexpected(misused("TOPIC=CHANNEL,… is wanted, as in order=email", text));
        std::vector<std::string> channels;
        for (auto rest = text.substr(equals + 1); !rest.empty();) {
            auto const comma = std::min(rest.find(','), rest.size());
            channels.push_back(rest.substr(0, comma));
            rest.erase(0, comma + 1);
        }
        all.push_back(boost::json::object{{"topic", text.substr(0, equals)},
                                          {"channels", json_texts(channels)}});
    }
    return all;
}

/// "kind=order.placed" as the API writes it.
Result<boost::json::array, Trouble> attributes_of(std::vector<std::string> const& typed) {
    boost::json::array all;
    for (auto const& text : typed) {
        auto const equals = text.find('=');
        if (equals == std::string::npos)
            return unexpected(misused("NAME=VALUE is wanted, as in kind=order.placed", text));
        all.push_back(boost::json::object{{"name", text.substr(0, equals)},
                                          {"value", text.substr(equals + 1)}});
    }
    return all;
}

/// What was typed for an argument as JSON; null: nothing was.   Errors: usage.
Result<boost::json::value, Trouble> value_of(Argument const& argument, std::string const& one,
                                             std::vector<std::string> const& many,
                                             std::string const& currency) {
    auto const text = one.empty() ? std::string(argument.otherwise) : one;
    if (text.empty() && many.empty())
        return boost::json::value();
    switch (argument.kind) {
    case Typed::text: return boost::json::value(text);
    case Typed::texts: return boost::json::value(json_texts(many));
    case Typed::numbers: {
        boost::json::array numbers;
        for (auto const& each : many) {
            KONTOR_TRY(auto const number, number_of(argument, each));
            numbers.emplace_back(number);
        }
        return boost::json::value(std::move(numbers));
    }
    case Typed::number: {
        KONTOR_TRY(auto const number, number_of(argument, text));
        return boost::json::value(number);
    }
    case Typed::flag:
        if (text != "true" && text != "false")
            return unexpected(misused(fmt::format("{} takes true or false", argument.typed), text));
        return boost::json::value(text == "true");
    case Typed::money: {
        KONTOR_TRY(auto const number, number_of(argument, text));
        return boost::json::value(money(number, currency));
    }
    case Typed::units_by_sku:
    case Typed::units_by_line: {
        KONTOR_TRY(auto lines,
                   lines_of(many, argument.kind == Typed::units_by_sku ? "sku" : "line"));
        return boost::json::value(std::move(lines));
    }
    case Typed::channels: {
        KONTOR_TRY(auto channels, channels_of(many));
        return boost::json::value(std::move(channels));
    }
    case Typed::attributes: {
        KONTOR_TRY(auto attributes, attributes_of(many));
        return boost::json::value(std::move(attributes));
    }
    }
    KONTOR_UNREACHABLE();
}

/// Puts a value at its place in the body: "ship_to.city" stands in ship_to.
void put(boost::json::object& body, std::string_view member, boost::json::value value) {
    auto const dot = member.find('.');
    if (dot == std::string_view::npos) {
        body[member] = std::move(value);
        return;
    }
    auto& within = body[member.substr(0, dot)];
    if (!within.is_object())
        within.emplace_object();
    within.get_object()[member.substr(dot + 1)] = std::move(value);
}

/// Puts a value in place of its name in the address.
void fill_in(std::string& path, std::string_view name, std::string const& value) {
    auto const at = path.find(name);
    KONTOR_ASSERT(at != std::string::npos, "{} has no {}", path, name);
    path.replace(at, name.size(), encoded(value));
}

/// The address of the thing whose part a route replaces: up to the last name of its pattern.
std::string thing_of(Route const& route, std::string path) {
    auto pattern = route.path;
    while (!pattern.ends_with('}')) {
        pattern = pattern.substr(0, pattern.rfind('/'));
        path.erase(path.rfind('/'));
    }
    return path;
}

/// Of a batch some may have failed: the API says 207, and each result its own status.
ExitCode exit_code_of(boost::json::value const& answer) {
    auto const* const object = answer.if_object();
    auto const* const results = object == nullptr ? nullptr : object->if_contains("results");
    if (results == nullptr || !results->is_array())
        return ExitCode::ok;
    for (auto const& each : results->get_array())
        if (each.is_object() && each.get_object().contains("problem"))
            return ExitCode::partly_failed;
    return ExitCode::ok;
}

/// Numbers and money stand at the right; whether a column has them its first row says.
std::vector<Column> columns_of(services::gateway::Names names,
                               std::vector<boost::json::object> const& rows) {
    std::vector<Column> columns;
    services::gateway::for_each_name(names, [&](std::string_view name) {
        Column column{std::string(name), std::string(name)};
        std::ranges::replace(column.heading, '_', ' ');
        auto const* const value = rows.empty() ? nullptr : rows.front().if_contains(name);
        if (value != nullptr && (value->is_number() || value->is_object()))
            column.align = Column::Align::right;
        columns.push_back(std::move(column));
    });
    return columns;
}

Outcome show_rows(Program& program, ApiCommand const& row, Route const& route,
                  ApiAsked const& asked, std::string const& path) {
    KONTOR_TRY(auto remote, Remote::reach(program));
    auto const show = [&](std::vector<boost::json::object> const& rows) {
        program.output.rows(columns_of(row.columns, rows), rows);
    };
    if (services::gateway::has_name(route.query, "limit"))
        return show_pages(program, remote, path, asked.limit.rows(program.output), show);
    KONTOR_TRY(auto const rows, remote.rows(path));
    show(rows);
    return ExitCode::ok;
}

/// What a server says of a member of the body, of what was typed instead: "/delta: …" is "--by: …".
Trouble in_typed_words(Trouble trouble, ApiCommand const& row) {
    auto& what = trouble.failure.what;
    for (auto const& argument : row.arguments) {
        auto pointer = fmt::format("/{}: ", argument.member);
        std::ranges::replace(pointer, '.', '/');
        auto const at = argument.typed.empty() ? std::string::npos : what.find(pointer);
        if (at == 0 || (at != std::string::npos && what[at - 1] == ' '))
            what.replace(at, pointer.size(), fmt::format("{}: ", argument.typed));
    }
    return trouble;
}

struct PlainCall {
    std::string method;
    std::string path;
    std::string body_file;
    std::string if_match;
    std::string reason;
    std::string key;
    std::string type{"application/json"};
};

/// The answer as it came, byte for byte.
Outcome call(Program& program, PlainCall const& plain) {
    if (!plain.path.starts_with('/'))
        return unexpected(misused("an address begins with /, as in /v1/orders", plain.path));
    RemoteCall sent{plain.method, plain.path};
    sent.if_match = plain.if_match;
    sent.reason = plain.reason;
    bool const is_write = plain.method != "GET" && plain.method != "HEAD";
    sent.key = is_write && plain.key.empty() ? fresh_key() : plain.key;
    if (!plain.body_file.empty()) {
        KONTOR_TRY(sent.text, text_of(plain.body_file));
        sent.type = plain.type;
    }
    KONTOR_TRY(auto remote, Remote::reach(program));
    if (is_write && program.output.options().verbose)
        program.output.notice(fmt::format("the key is {}", sent.key));
    KONTOR_TRY(auto const answer, remote.answered(sent));
    write_answer(answer.body);
    if (!answer.body.empty() && answer.body.back() != '\n')
        write_answer("\n");
    boost::system::error_code error;
    auto const parsed = boost::json::parse(answer.body, error);
    return error ? ExitCode::ok : exit_code_of(parsed);
}

} // namespace

Route const* route_called(std::string_view id) {
    auto const all = services::gateway::routes();
    auto const found = std::ranges::find(all, id, &Route::id);
    return found == all.end() ? nullptr : &*found;
}

Result<RemoteCall, Trouble> call_of(ApiCommand const& row, Route const& route,
                                    ApiAsked const& asked) {
    RemoteCall made{std::string(services::name_of(route.method)), std::string(route.path)};
    boost::json::object body;
    if (!asked.body_file.empty()) {
        KONTOR_TRY(body, object_in(asked.body_file));
    }
    for (std::size_t n = 0; n < arguments_max && !row.arguments[n].typed.empty(); ++n) {
        auto const& argument = row.arguments[n];
        KONTOR_TRY(auto value, value_of(argument, asked.one[n], asked.many[n], asked.currency));
        if (argument.member.starts_with('{'))
            fill_in(made.path, argument.member, std::string(value.as_string()));
        else if (!value.is_null())
            put(body, argument.member, std::move(value));
    }
    if (route.body != services::gateway::Shape::nothing)
        made.body = std::move(body);
    made.path += asked.filters.query();
    return made;
}

Outcome ask(Program& program, ApiCommand const& row, Route const& route, ApiAsked const& asked) {
    KONTOR_TRY(auto made, call_of(row, route, asked));
    if (route.method == Method::get && !row.columns.empty())
        return show_rows(program, row, route, asked, made.path);
    if (route.method == Method::get) {
        KONTOR_TRY(auto remote, Remote::reach(program));
        return show_remote(program, remote, made.path);
    }
    if (route.needs.version) {
        KONTOR_TRY(made.if_match, version_at(program, thing_of(route, made.path)));
    }
    auto const answer = written(program, std::move(made), asked.write);
    if (!answer)
        return unexpected(in_typed_words(answer.error(), row));
    show_remote_thing(program.output, answer->body);
    return exit_code_of(answer->body);
}

void add_plain_call(CLI::App& app, std::optional<Command>& chosen) {
    auto const plain = std::make_shared<PlainCall>();
    auto& command =
        add_command(app, chosen,
                    {"api", "Asks any address of the API, for scripts: the answer comes as it is",
                     "  kontor api GET '/v1/orders?state=confirmed&limit=5'\n"
                     "  kontor api POST /v1/quotes --body basket.json\n"
                     "  echo '{\"reason\":\"as agreed\"}' | kontor api POST "
                     "/v1/shipments/ful_01…/hold --body -"},
                    call, plain);
    command.add_option("method", plain->method, "GET, POST, PUT, PATCH or DELETE")
        ->required()
        ->check(one_of({"GET", "POST", "PUT", "PATCH", "DELETE"}));
    command.add_option("path", plain->path, "with its query, as the reference names it")
        ->required();
    command.add_option("--body", plain->body_file, "a file that is sent as it is, or - for stdin");
    command.add_option("--type", plain->type, "of the file (application/json)");
    command.add_option("--key", plain->key,
                       "the idempotency key: the same one again changes nothing (default: fresh)");
    command.add_option("--if-match", plain->if_match,
                       "the ETag of what is replaced, like '\"v7\"'");
    command.add_option("--reason", plain->reason, "why, of a DELETE that asks for it");
}

} // namespace kontor::programs
