#pragma once

/// The header that a trusted proxy sends ahead of a connection to say whose it is. A pure function
/// over bytes. Source: HAProxy's PROXY protocol, version 2, section 2.2.

#include "services/gateway/seams/exchange.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace kontor::http {

struct ProxyHeader {
    enum class State : unsigned char { complete, incomplete, malformed };

    State state{};
    std::size_t bytes{0};                        ///< of the header
    std::optional<services::PeerAddress> peer{}; ///< none: the proxy speaks for itself
};

/// Reads the header that `bytes` begins with. Only TCP over IPv4 and IPv6, and at most 536 bytes of
/// addresses and extras, which are skipped.
ProxyHeader read_proxy_header(std::string_view bytes);

} // namespace kontor::http
