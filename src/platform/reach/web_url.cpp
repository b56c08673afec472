#include "platform/reach/web_url.hpp"

#include <algorithm>
#include <charconv>

namespace kontor::reach {
namespace {

Failure wrong(std::string what) {
    return {FailureKind::invalid, std::move(what), "url"};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_of_a_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
}

/// Printable, and nothing that some readers repair: a backslash becomes a slash, a blank goes.
bool is_of_a_url(char c) {
    return c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>' && c != '^' &&
           c != '`' && c != '{' && c != '|' && c != '}';
}

std::string small(std::string_view text) {
    std::string letters(text);
    std::ranges::transform(letters, letters.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return letters;
}

/// "a.b.c", each part of 1 to 63 bytes without a dash at its ends.
bool is_name(std::string_view name) {
    if (name.size() > host_bytes_max || !std::ranges::all_of(name, is_of_a_name))
        return false;
    while (true) {
        auto const label = name.substr(0, name.find('.'));
        if (label.empty() || label.size() > label_bytes_max || label.front() == '-' ||
            label.back() == '-')
            return false;
        if (label.size() == name.size())
            return true;
        name.remove_prefix(label.size() + 1);
    }
}

/// What ends in a number is an address to many readers: 127.1, 0x7f000001, 2130706433.
bool ends_in_a_number(std::string_view name) {
    auto const last = name.substr(name.rfind('.') + 1); // npos + 1 is 0
    return is_digit(last.front()) &&
           (std::ranges::all_of(last, is_digit) || last.starts_with("0x"));
}

bool is_this_machine(WebUrl const& url) {
    return url.address ? region_of(*url.address) == Region::loopback : url.host == "localhost";
}

Result<void> check_name(WebUrl const& url, Reach reach) {
    if (!is_name(url.host))
        return unexpected(wrong("the host is no name of the web"));
    if (ends_in_a_number(url.host))
        return unexpected(wrong("an address has four numbers from 0 to 255"));
    bool const is_local = url.host == "localhost" || url.host.ends_with(".localhost") ||
                          url.host.ends_with(".local") || url.host.ends_with(".internal") ||
                          url.host.find('.') == std::string::npos;
    if (is_local && !(is_this_machine(url) && reach == Reach::loopback_too))
        return unexpected(wrong("the name `" + url.host + "` belongs to a house, not to the web"));
    return {};
}

Result<void> read_port(std::string_view digits, WebUrl& url) {
    url.port = url.is_secure ? 443 : 80;
    if (digits.empty())
        return {};
    auto const [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0)
        return unexpected(wrong("a port is a number from 1 to 65535"));
    return {};
}

/// `host`, `host:port`, `[address]`, `[address]:port`.
Result<void> read_authority(std::string_view authority, WebUrl& url, Reach reach) {
    if (authority.find('@') != std::string_view::npos)
        return unexpected(wrong("a user or password has no place in it"));
    auto host = authority;
    std::string_view port;
    bool const is_bracketed = authority.starts_with('[');
    auto const bracket = authority.find(']');
    auto const colon = authority.find(':', is_bracketed ? std::min(bracket, authority.size()) : 0);
    if (colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        port = authority.substr(colon + 1);
        if (port.empty())
            return unexpected(wrong("a port is a number from 1 to 65535"));
    }
    if (is_bracketed) {
        if (!host.ends_with(']'))
            return unexpected(wrong("an address of version 6 stands in brackets"));
        host = host.substr(1, host.size() - 2);
    }
    url.host = small(host);
    url.address = parse_net_address(url.host);
    if (url.host.empty() || is_bracketed != (url.address && url.address->is_version_6))
        return unexpected(wrong("the host is no name of the web"));
    KONTOR_TRY(read_port(port, url));
    if (!url.address)
        return check_name(url, reach);
    if (!may_be_called(*url.address, reach))
        return unexpected(wrong("the address " + url.host + " is " +
                                std::string(name_of(region_of(*url.address))) +
                                " and not called for others"));
    return {};
}

} // namespace

Result<WebUrl> parse_url(std::string_view text, Reach reach) {
    constexpr std::string_view secure = "https://";
    constexpr std::string_view plain = "http://";
    if (text.size() > url_bytes_max)
        return unexpected(wrong("a URL has at most 2,048 bytes"));
    if (!std::ranges::all_of(text, is_of_a_url))
        return unexpected(wrong("it has a byte that must be written as %XX"));
    auto const scheme = small(text.substr(0, secure.size()));
    WebUrl url;
    url.is_secure = scheme == secure;
    if (!url.is_secure && !scheme.starts_with(plain))
        return unexpected(wrong("a URL that begins with https:// is wanted"));
    auto const rest = text.substr(url.is_secure ? secure.size() : plain.size());
    if (rest.find('#') != std::string_view::npos)
        return unexpected(wrong("a fragment never reaches the other side"));
    KONTOR_TRY(read_authority(rest.substr(0, rest.find_first_of("/?")), url, reach));
    if (!url.is_secure && !(is_this_machine(url) && reach == Reach::loopback_too))
        return unexpected(wrong("http:// shows to everybody on the way what is sent: https:// "
                                "is wanted"));
    return url;
}

} // namespace kontor::reach
