#include "services/gateway/open_api.hpp"

#include "services/gateway/route.hpp"

#include "base/names.hpp"
#include "codec/json_text.hpp"
#include "codec/kinds.hpp"
#include "platform/problems/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace kontor::services::gateway {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    codec::append_json_text(out, text);
    return out;
}

std::string_view verb_of(Method method) {
    switch (method) {
    case Method::get: return "get";
    case Method::post: return "post";
    case Method::put: return "put";
    case Method::patch: return "patch";
    case Method::remove: return "delete";
    case Method::head:
    case Method::options:
    case Method::other: break;
    }
    KONTOR_UNREACHABLE();
}

std::string reference_to(Shape shape) {
    return fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", name_of_shape(shape));
}

std::string content_of(std::string_view type, Shape shape) {
    return fmt::format(R"({{"{}":{{"schema":{}}}}})", type, reference_to(shape));
}

std::string_view media_type_of(Shape shape) {
    for (auto const& [kind, type] :
         {std::pair(Shape::fact_stream, "text/event-stream"), std::pair(Shape::table, "text/csv"),
          std::pair(Shape::page, "text/html"), std::pair(Shape::style_sheet, "text/css"),
          std::pair(Shape::script, "text/javascript")})
        if (kind == shape)
            return type;
    return "application/json";
}

/// The first literal segment after the version: how the reference groups its routes.
std::string_view tag_of(Route const& route) {
    auto path = route.path;
    for (std::string_view const prefix : {"/v1/ops/", "/v1/", "/"})
        if (path.starts_with(prefix)) {
            path.remove_prefix(prefix.size());
            break;
        }
    auto const name = path.substr(0, path.find('/'));
    return name.empty() || name == "v1" ? "base" : name;
}

std::string header_parameter(std::string_view name, bool required, std::string_view meaning) {
    return fmt::format(
        R"({{"name":"{}","in":"header","required":{},"description":{},"schema":{{"type":"string"}}}})",
        name, required, quoted(meaning));
}

std::vector<std::string> parameters_of(Route const& route) {
    std::vector<std::string> found;
    auto rest = route.path;
    for (auto at = rest.find('{'); at != std::string_view::npos; at = rest.find('{')) {
        auto const end = rest.find('}');
        found.push_back(fmt::format(
            R"({{"name":"{}","in":"path","required":true,"schema":{{"type":"string"}}}})",
            rest.substr(at + 1, end - at - 1)));
        rest.remove_prefix(end + 1);
    }
    for_each_name(route.query, [&](std::string_view name) {
        auto const& row = parameter_of(route, name);
        found.push_back(fmt::format(R"({{"name":"{}","in":"query","description":{},"schema":{}}})",
                                    name, quoted(row.meaning), row.schema));
    });
    bool const writes = !is_safe(route.method);
    if (route.needs.signature) {
        found.push_back(header_parameter("webhook-id", true, "The same each time it is sent."));
        found.push_back(
            header_parameter("webhook-timestamp", true, "Seconds since 1970, when it was sent."));
        found.push_back(header_parameter(
            "webhook-signature", true,
            "v1, and the base 64 of HMAC-SHA256 over id.timestamp.body; several by blanks."));
    } else if (writes) {
        found.push_back(header_parameter("Idempotency-Key", route.needs.key,
                                         "Makes a repetition safe: the same key and body get the "
                                         "same answer."));
        found.push_back(
            header_parameter("Prefer", false,
                             "wait=SECONDS (10 at most): answer when what was written "
                             "has settled, an order with its payment, say; ignored where "
                             "nothing settles."));
        found.push_back(header_parameter("Kontor-Csrf", false,
                                         "The `csrf` of GET /v1/session: required with a session's "
                                         "cookie, not with a token."));
    }
    if (route.needs.version)
        found.push_back(
            header_parameter("If-Match", true, "The ETag of what the caller has read."));
    if (route.needs.reason && route.method == Method::remove)
        found.push_back(header_parameter("Kontor-Reason", true, "Why, in 3 to 500 characters."));
    return found;
}

std::string joined(std::vector<std::string> const& parts, std::string_view between = ",") {
    std::string out;
    for (auto const& part : parts)
        out.append(out.empty() ? "" : between).append(part);
    return out;
}

/// What stands on a line of its own, so that changes of the committed file can be read.
constexpr std::string_view new_line = ",\n";

/// Problems by status, each with its codes.
std::map<std::uint16_t, std::vector<std::string>> problems_of(Route const& route) {
    std::set<problems::Problem const*> rows;
    auto const add = [&](std::string_view name) { rows.insert(problems::find_problem(name)); };
    for_each_name(route.problems, add);
    for (std::string_view const name : {"parameter_invalid", "not_acceptable", "throttled",
                                        "defect", "overloaded", "deadline_passed"})
        add(name);
    if (!route.who.empty()) {
        add("unauthenticated");
        add("forbidden");
    }
    if (route.path.find('{') != std::string_view::npos)
        add("not_found");
    if (route.body != Shape::nothing)
        for (std::string_view const name :
             {"malformed", "body_invalid", "unsupported_media_type", "body_too_large"})
            add(name);
    if (!is_safe(route.method) && !route.needs.signature)
        for (std::string_view const name : {"key_reused", "key_in_flight", "full", "timed_out"})
            add(name);
    if (route.needs.key)
        add("key_missing");
    if (route.needs.version) {
        add("version_required");
        add("version_differs");
    }
    if (route.model != Model::none) {
        add("read_model_behind");
        add("unavailable");
    }
    if (has_name(route.query, "cursor"))
        add("cursor_invalid");
    std::map<std::uint16_t, std::vector<std::string>> by_status;
    for (auto const* const row : rows) {
        bool const is_in_path =
            row->name == "unknown_sku" && route.path.find("{sku}") != std::string_view::npos;
        by_status[is_in_path ? std::uint16_t{404} : row->status].push_back(
            fmt::format("{} {}", problems::code_text(*row), row->name));
    }
    for (auto& [status, names] : by_status)
        std::ranges::sort(names);
    return by_status;
}

std::string responses_of(Route const& route) {
    std::vector<std::string> found;
    auto const content =
        route.answer == Shape::nothing
            ? std::string()
            : ",\"content\":" + content_of(media_type_of(route.answer), route.answer);
    found.push_back(fmt::format(R"("{}":{{"description":{}{}}})", route.status,
                                quoted(route.summary), content));
    if (route.id == "show_product")
        found.emplace_back(R"("304":{"description":"The caller has it already"})");
    for (auto const& [status, names] : problems_of(route)) {
        std::string text;
        for (auto const& name : names)
            text += (text.empty() ? "" : "; ") + name;
        found.push_back(fmt::format(R"("{}":{{"description":{},"content":{}}})", status,
                                    quoted(text),
                                    content_of("application/problem+json", Shape::problem)));
    }
    return joined(found);
}

std::string roles_text(Roles who) {
    if (who.empty())
        return "everybody";
    std::string text;
    for (auto const role : {Role::customer, Role::support, Role::operations, Role::service})
        if (who.has(role))
            text += (text.empty() ? "" : ", ") + std::string(enumerator_name(role));
    return text;
}

std::string operation_of(Route const& route) {
    auto out = fmt::format(
        R"("{}":{{"operationId":"{}","summary":{},"description":{},"tags":["{}"])",
        verb_of(route.method), route.id, quoted(route.summary),
        quoted("For " + roles_text(route.who) +
               (route.audience == Audience::console ? "; on the console's port only." : ".")),
        tag_of(route));
    if (!route.who.empty())
        out += R"(,"security":[{"bearer":[]},{"session":[]}])";
    out += R"(,"parameters":[)" + joined(parameters_of(route)) + "]";
    if (route.body != Shape::nothing) {
        auto const type = route.method == Method::patch ? "application/merge-patch+json"
                                                        : media_type_of(route.body);
        out += R"(,"requestBody":{"required":true,"content":)" + content_of(type, route.body) + "}";
    }
    if (route.needs.signature)
        out += R"(,"requestBody":{"required":true,"content":{"application/json":{"schema":{)"
               R"("type":"object"}}}})";
    out += R"(,"responses":{)" + responses_of(route) + "}}";
    return out;
}

std::string paths_text() {
    std::vector<std::string_view> sequence;
    std::map<std::string_view, std::vector<std::string>> by_path;
    for (auto const& route : routes()) {
        if (!by_path.contains(route.path))
            sequence.push_back(route.path);
        by_path[route.path].push_back(operation_of(route));
    }
    std::vector<std::string> found;
    for (auto const path : sequence)
        found.push_back(quoted(path) + ":{" + joined(by_path[path], new_line) + "}");
    return joined(found, new_line);
}

std::string schemas_text() {
    std::set<Shape> used{Shape::problem};
    for (auto const& route : routes())
        for (auto const shape : {route.body, route.answer})
            if (shape != Shape::nothing)
                used.insert(shape);
    std::vector<std::string> found;
    for (auto const shape : used)
        found.push_back(quoted(name_of_shape(shape)) + ":" + schema_of_shape(shape));
    return joined(found, new_line);
}

std::string made() {
    return R"({"openapi":"3.1.0","info":{"title":"Kontor","version":"1","description":)" +
           quoted("Made of the table of routes and of the descriptions of what goes in and out; "
                  "the same table serves the requests.") +
           R"(},"jsonSchemaDialect":"https://json-schema.org/draft/2020-12/schema")"
           R"(,"servers":[{"url":"/"}],"paths":{)" +
           paths_text() + R"(},"components":{"schemas":{)" + schemas_text() +
           R"(},"securitySchemes":{"bearer":{"type":"http","scheme":"bearer"},)"
           R"("session":{"type":"apiKey","in":"cookie","name":"kontor_shop"}}}})";
}

} // namespace

std::string_view open_api_text() {
    static std::string const text = made();
    return text;
}

} // namespace kontor::services::gateway
