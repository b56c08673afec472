#include "services/gateway/paging.hpp"

#include "services/gateway/digests.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

constexpr std::size_t mac_bytes = 12;

/// What stays the same from page to page.
std::string filters_of(Asked const& asked) {
    std::vector<std::string> filters;
    for (auto const& [name, value] : asked.query)
        if (name != "cursor" && name != "limit" && name != "min_position" && name != "wait_ms")
            filters.push_back(std::string(name) + "=" + value);
    std::ranges::sort(filters);
    std::string text(asked.route->id);
    for (auto const& value : asked.path)
        text += '\n' + value;
    for (auto const& filter : filters)
        text += '\n' + filter;
    return text;
}

std::string mac_of(Parts const& parts, Asked const& asked, std::string_view key) {
    auto const digest = hmac_sha256(parts.secret, filters_of(asked) + '\n' + std::string(key));
    return std::string(as_text(digest).substr(0, mac_bytes));
}

void append_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char const c : text) {
        bool const is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                              (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.' ||
                              c == '~' || c == ':';
        if (is_plain) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

std::string next_address(Parts const& parts, Asked const& asked, std::string_view last) {
    std::string address(asked.request->path);
    char separator = '?';
    for (auto const& [name, value] : asked.query) {
        if (name == "cursor" || name == "min_position" || name == "wait_ms")
            continue;
        address += separator;
        address += name;
        address += '=';
        append_encoded(address, value);
        separator = '&';
    }
    address += separator;
    return address + "cursor=" + base64url(mac_of(parts, asked, last) + std::string(last));
}

} // namespace

Result<PageAsked, Trouble> page_asked(Parts const& parts, Asked const& asked) {
    PageAsked page{page_default};
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    if (limit && (*limit == 0 || *limit > page_max))
        return unexpected(bad_parameter("limit", "1 to 200 is wanted"));
    page.limit = limit.value_or(page_default);
    if (auto const cursor = asked.parameter("cursor")) {
        auto const bytes = from_base64url(*cursor);
        if (bytes.size() <= mac_bytes)
            return unexpected(trouble("cursor_invalid"));
        auto const key = std::string_view(bytes).substr(mac_bytes);
        if (!equal_in_constant_time(std::string_view(bytes).substr(0, mac_bytes),
                                    mac_of(parts, asked, key)))
            return unexpected(trouble("cursor_invalid"));
        page.after = std::string(key);
    }
    return page;
}

Reply page_reply(Parts const& parts, Asked const& asked, PageText const& page) {
    std::string body = R"({"data":[)" + page.items + R"(],"has_more":)";
    body += page.has_more ? "true" : "false";
    if (page.has_more) {
        body += R"(,"next":)";
        codec::append_json_text(body, next_address(parts, asked, page.last));
    }
    body += '}';
    return json_reply(200, std::move(body));
}

} // namespace kontor::services::gateway
