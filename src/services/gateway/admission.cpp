#include "services/gateway/admission.hpp"

#include "services/gateway/digests.hpp"
#include "services/gateway/replies.hpp"

#include <algorithm>
#include <charconv>

namespace kontor::services::gateway {
namespace {

constexpr std::size_t key_length_max = 255;

Trouble not_here(Match const& match) {
    if (match.allowed.empty())
        return trouble("not_found", "nothing lies at this address");
    std::string allow;
    for (auto const method : match.allowed) {
        allow += (allow.empty() ? "" : ", ") + std::string(name_of(method));
        if (method == Method::get)
            allow += ", HEAD";
    }
    auto found = trouble("method_not_allowed");
    found.headers.emplace_back("Allow", allow);
    return found;
}

Trouble nobody_known() {
    auto refused = trouble("unauthenticated");
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refused;
}

Result<void, Trouble> find_caller(Parts& parts, Asked& asked) {
    auto const& request = *asked.request;
    auto const authorization = request.header("authorization");
    if (!authorization.empty()) {
        constexpr std::string_view scheme = "Bearer ";
        auto caller = authorization.starts_with(scheme)
                          ? parts.callers.by_token(authorization.substr(scheme.size()), asked.now)
                          : std::nullopt;
        if (!caller)
            return unexpected(nobody_known());
        asked.caller = *std::move(caller);
        return {};
    }
    auto const cookie = session_cookie(request);
    if (cookie.empty())
        return {};
    auto caller = parts.callers.by_cookie(cookie, asked.now);
    if (!caller)
        return {}; // as if it were not there: an old cookie must not lock a browser out
    if (!is_safe(request.method) &&
        !equal_in_constant_time(request.header("kontor-csrf"), caller->csrf))
        return unexpected(
            instead(trouble("forbidden", "the header Kontor-Csrf is missing or wrong"),
                    "Send the token that GET /v1/session gives as `csrf` in the header "
                    "Kontor-Csrf."));
    asked.caller = *std::move(caller);
    return {};
}

Result<void, Trouble> check_roles(Asked const& asked) {
    if (asked.route->who.empty() || asked.caller.roles.has_any_of(asked.route->who))
        return {};
    return unexpected(asked.caller.is_known() ? trouble("forbidden") : nobody_known());
}

Result<void, Trouble> read_query(Asked& asked) {
    auto rest = asked.request->query;
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        auto const equals = std::min(pair.find('='), pair.size());
        auto const key = percent_decoded(pair.substr(0, equals), true);
        auto const value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
        if (pair.empty())
            continue;
        std::string_view known;
        if (key)
            for_each_name(asked.route->query, [&](std::string_view name) {
                if (name == *key)
                    known = name;
            });
        if (known.empty() || !value)
            return unexpected(bad_parameter(key.value_or("?"), "there is no such parameter here"));
        if (asked.parameter(known))
            return unexpected(bad_parameter(*key, "it stands there twice"));
        asked.query.emplace_back(known, *value);
    }
    return {};
}

Result<void, Trouble> read_path(Asked& asked, Match const& match) {
    for (std::size_t i = 0; i < path_values_max; ++i) {
        auto decoded = percent_decoded(match.values[i], false);
        if (!decoded)
            return unexpected(trouble("not_found", "the address is no UTF-8 text"));
        asked.path[i] = *std::move(decoded);
    }
    return {};
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Of `"v7"` or `"v7.…"`. An ETag that we never gave out matches nothing.
ports::StreamVersion version_in(std::string_view tag) {
    std::optional<std::uint64_t> version;
    if (tag.size() > 3 && tag.starts_with("\"v") && tag.ends_with('"'))
        version = number_in(tag.substr(2, std::min(tag.find('.'), tag.size() - 1) - 2));
    return ports::StreamVersion(version.value_or(~std::uint64_t{0}));
}

/// One ETag, or several of which one is enough, or `*` for whatever stands there. None of ours has
/// a comma in it.   Source: RFC 9110, 13.1.1.
Result<void, Trouble> read_if_match(Asked& asked) {
    auto value = asked.request->header("if-match");
    if (value.empty()) {
        if (asked.route->needs.version)
            return unexpected(trouble("version_required"));
        return {};
    }
    if (value == "*")
        return {};
    for (;;) {
        auto const tag = value.substr(0, value.find(','));
        asked.if_match.push_back(version_in(without_blanks(tag)));
        if (tag.size() == value.size())
            return {};
        value.remove_prefix(tag.size() + 1);
    }
}

/// Whether a text is this word, which has small letters.
bool is_word(std::string_view text, std::string_view word) {
    return std::ranges::equal(text, word, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

/// Whether what follows a type leaves its text in UTF-8.   Source: RFC 9110, 8.3.1.
bool is_in_utf_8(std::string_view parameters) {
    while (!parameters.empty()) {
        parameters.remove_prefix(1); // the semicolon
        auto const one = parameters.substr(0, parameters.find(';'));
        parameters.remove_prefix(one.size());
        auto const equals = std::min(one.find('='), one.size());
        if (!is_word(without_blanks(one.substr(0, equals)), "charset"))
            continue;
        auto value = without_blanks(one.substr(std::min(equals + 1, one.size())));
        if (value.size() > 1 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        if (!is_word(value, "utf-8") && !is_word(value, "us-ascii"))
            return false;
    }
    return true;
}

bool is_taken(std::string_view type, Shape body) {
    auto const name = without_blanks(type.substr(0, type.find(';')));
    if (!is_in_utf_8(type.substr(std::min(type.find(';'), type.size()))))
        return false;
    if (body == Shape::table)
        return is_word(name, "text/csv");
    return is_word(name, "application/json") || is_word(name, "application/merge-patch+json");
}

Trouble other_type_wanted(Shape body) {
    if (body == Shape::table)
        return instead(trouble("unsupported_media_type", "Content-Type: text/csv is wanted"),
                       "Send Content-Type: text/csv, in UTF-8.");
    return instead(trouble("unsupported_media_type"),
                   "Send Content-Type: application/json, in UTF-8.");
}

Result<void, Trouble> check_types(Asked const& asked) {
    auto const& request = *asked.request;
    auto const body = asked.route->body;
    if (body != Shape::nothing && !is_taken(request.header("content-type"), body))
        return unexpected(other_type_wanted(body));
    auto const accept = request.header("accept");
    bool const accepts = accept.empty() || accept.find("*/*") != std::string_view::npos ||
                         accept.find("application/*") != std::string_view::npos ||
                         accept.find("application/json") != std::string_view::npos ||
                         accept.find("text/") != std::string_view::npos;
    if (!accepts)
        return unexpected(trouble("not_acceptable"));
    return {};
}

Result<void, Trouble> check_size(Parts const& parts, Asked const& asked) {
    auto const most = bytes_max_of(*asked.route, parts.bulk_bytes_max);
    if (asked.request->body.size() <= most)
        return {};
    return unexpected(
        trouble("body_too_large", "this address takes " + std::to_string(most) + " bytes at most"));
}

Result<void, Trouble> check_reason(Asked const& asked) {
    if (!asked.route->needs.reason || asked.request->method != Method::remove)
        return {};
    auto const length = asked.request->header("kontor-reason").size();
    if (length < 3 || length > 500)
        return unexpected(
            bad_parameter("Kontor-Reason", "3 to 500 characters that say why are wanted"));
    return {};
}

} // namespace

Result<void, Trouble> admit(Parts& parts, Asked& asked) {
    auto const match =
        match_route(asked.request->method, asked.request->path, asked.request->listener);
    if (match.route == nullptr)
        return unexpected(not_here(match));
    asked.route = match.route;
    KONTOR_TRY(find_caller(parts, asked));
    KONTOR_TRY(check_roles(asked));
    KONTOR_TRY(read_path(asked, match));
    KONTOR_TRY(read_query(asked));
    KONTOR_TRY(check_size(parts, asked));
    KONTOR_TRY(check_types(asked));
    KONTOR_TRY(read_if_match(asked));
    return check_reason(asked);
}

Result<std::string_view, Trouble> idempotency_key(Asked const& asked) {
    auto const key = asked.request->header("idempotency-key");
    if (key.empty() && asked.route->needs.key)
        return unexpected(trouble("key_missing"));
    bool const is_visible = std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
    if (key.size() > key_length_max || !is_visible)
        return unexpected(
            bad_parameter("Idempotency-Key", "1 to 255 visible ASCII characters are wanted"));
    return key;
}

CommandId keyed_command(Asked const& asked, std::string_view key) {
    std::string_view const parts[] = {"main", asked.caller.scope, asked.route->id, key};
    auto const digest = sha256(parts);
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(digest.begin(), 10, bytes.begin() + 6);
    return CommandId(Id128::from_bytes(bytes));
}

commands::Fingerprint fingerprint_of(std::string_view method, std::string_view path,
                                     std::string_view body) {
    std::string_view const parts[] = {method, path, body};
    auto const digest = sha256(parts);
    commands::Fingerprint fingerprint;
    std::copy_n(digest.begin(), fingerprint.size(), fingerprint.begin());
    return fingerprint;
}

commands::Fingerprint fingerprint_of(Request const& request) {
    return fingerprint_of(name_of(request.method), request.path, request.body);
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            unsigned byte = 0;
            auto const* const begin = text.data() + i + 1;
            if (i + 2 >= text.size() ||
                std::from_chars(begin, begin + 2, byte, 16).ptr != begin + 2)
                return std::nullopt;
            decoded += static_cast<char>(byte);
            i += 2;
        } else {
            decoded += plus && text[i] == '+' ? ' ' : text[i];
        }
    }
    bool const has_control =
        std::ranges::any_of(decoded, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
    return has_control ? std::nullopt : std::optional(std::move(decoded));
}

std::string_view session_cookie(Request const& request) {
    auto rest = request.header("cookie");
    auto const wanted = cookie_name(request.listener);
    while (!rest.empty()) {
        auto pair = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        while (pair.starts_with(' '))
            pair.remove_prefix(1);
        if (pair.starts_with("__Host-"))
            pair.remove_prefix(7);
        if (pair.starts_with(wanted) && pair.substr(wanted.size()).starts_with('='))
            return pair.substr(wanted.size() + 1);
    }
    return {};
}

std::string_view cookie_name(Listener listener) {
    return listener == Listener::console ? "kontor_console" : "kontor_shop";
}

} // namespace kontor::services::gateway
