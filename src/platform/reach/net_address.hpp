#pragma once

/// NetAddress: an address of the net, and what it belongs to. Only what the whole Internet reaches
/// in the same way may be called for others.
/// Thread: any.   Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890);
///         RELIABILITY section 10, SSRF.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::reach {

/// Version 4 uses the first four bytes. An address of version 6 that stands for one of version 4 is
/// one of version 6: it says where to go in another way, and that way is refused.
struct NetAddress {
    std::array<std::uint8_t, 16> bytes{};
    bool is_version_6{false};

    friend bool operator==(NetAddress const&, NetAddress const&) = default;
};

/// Dotted decimal without leading zeros, or RFC 4291 section 2.2, forms 1 and 2; nothing else that
/// a C library takes for an address. Empty: it is none.
std::optional<NetAddress> parse_net_address(std::string_view text);
std::string to_string(NetAddress const& address);

enum class Region : std::uint8_t {
    open, ///< the Internet
    unspecified,
    loopback,
    private_,   ///< of a house or a site
    link_local, ///< and there the clouds answer who asks for their credentials
    shared,     ///< of a provider's customers
    metadata,   ///< where a cloud answers its machines, in the middle of the Internet
    multicast,
    translated, ///< one address dressed as another: mapped, NAT64, 6to4, Teredo
    reserved    ///< for protocols, documentation, tests, the future
};

/// "private"
std::string_view name_of(Region region);

Region region_of(NetAddress const& address);

/// How far calls for others go.
enum class Reach : std::uint8_t {
    open_only,
    loopback_too ///< for tests and a shop on one's own machine
};

bool may_be_called(NetAddress const& address, Reach reach);

} // namespace kontor::reach
