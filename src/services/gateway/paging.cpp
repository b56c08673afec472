#include "services/gateway/paging.hpp"

#include "services/gateway/digests.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

constexpr std::size_t mac_bytes = 12;

/// What a cursor holds: the keys behind which the pages up to this one began, the newest last, each
/// on a line of its own. Where there are too many the oldest go, and an empty line stands for them.
constexpr std::size_t walked_bytes_max = 350;
constexpr char line_end = '\n';

/// Empty: it is none of ours.
std::string bytes_of_cursor(Asked const& asked) {
    auto const cursor = asked.parameter("cursor");
    auto bytes = cursor ? from_base64url(*cursor) : std::string();
    return bytes.size() > mac_bytes ? bytes : std::string();
}

/// Of a cursor that was checked; empty: this is the first page.
std::string walked_to(Asked const& asked) {
    auto const bytes = bytes_of_cursor(asked);
    return bytes.empty() ? bytes : bytes.substr(mac_bytes);
}

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

/// The same list from another place on; empty: from the beginning.
std::string address_from(Parts const& parts, Asked const& asked, std::string const& walked) {
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
    if (walked.empty())
        return address;
    address += separator;
    return address + "cursor=" + base64url(mac_of(parts, asked, walked) + walked);
}

/// Where the page before lies; empty: there is none, or it is too long ago.
std::string prev_address(Parts const& parts, Asked const& asked) {
    auto const walked = walked_to(asked);
    auto const last = walked.rfind(line_end);
    if (walked.empty() || last == 0)
        return {};
    auto const before = last == std::string::npos ? std::string() : walked.substr(0, last);
    return address_from(parts, asked, before);
}

} // namespace

std::string next_address(Parts const& parts, Asked const& asked, std::string_view last) {
    auto walked = walked_to(asked);
    if (!walked.empty())
        walked += line_end;
    walked += last;
    while (walked.size() > walked_bytes_max && walked.find(line_end, 1) != std::string::npos)
        walked.erase(0, walked.find(line_end, 1));
    return address_from(parts, asked, walked);
}

Result<PageAsked, Trouble> page_asked(Parts const& parts, Asked const& asked) {
    PageAsked page{page_default};
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    if (limit && (*limit == 0 || *limit > page_max))
        return unexpected(bad_parameter("limit", "1 to 200 is wanted"));
    page.limit = limit.value_or(page_default);
    if (asked.parameter("cursor")) {
        auto const bytes = bytes_of_cursor(asked);
        if (bytes.empty())
            return unexpected(trouble("cursor_invalid"));
        auto const walked = std::string_view(bytes).substr(mac_bytes);
        if (!equal_in_constant_time(std::string_view(bytes).substr(0, mac_bytes),
                                    mac_of(parts, asked, walked)))
            return unexpected(trouble("cursor_invalid"));
        page.after = std::string(walked.substr(walked.rfind(line_end) + 1));
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
    if (auto const prev = prev_address(parts, asked); !prev.empty()) {
        body += R"(,"prev":)";
        codec::append_json_text(body, prev);
    }
    if (!page.beside.empty())
        body += "," + page.beside;
    body += '}';
    return json_reply(200, std::move(body));
}

} // namespace kontor::services::gateway
