#pragma once

/// WebUrl: an address of the web that somebody gave us to send something to, read strictly. What
/// two readers might read differently is refused.
/// Thread: any.   Source: RFC 3986; RELIABILITY section 10, SSRF.

#include "base/result.hpp"
#include "platform/reach/limits.hpp"
#include "platform/reach/net_address.hpp"

#include <string>
#include <string_view>

namespace kontor::reach {

struct WebUrl {
    bool is_secure{true};
    std::string host{}; ///< a name in small letters, or an address without brackets
    std::uint16_t port{443};
    std::optional<NetAddress> address{}; ///< present: the host is one

    friend bool operator==(WebUrl const&, WebUrl const&) = default;
};

/// Reads a URL and says whether it may be called, as far as its text can tell: https, and http to
/// this machine where the reach goes there; no user, no fragment; an address only where it may be
/// called; a name only of more than one label, unless it is this machine's.
/// Errors: invalid, with what is wrong as a sentence.
Result<WebUrl> parse_url(std::string_view text, Reach reach);

} // namespace kontor::reach
