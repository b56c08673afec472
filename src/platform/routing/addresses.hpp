#pragma once

/// IP addresses and networks in texts. Octets are decimal, with any number of leading zeros; the
/// groups of version 6 are of one to four hexadecimal digits, with nothing dotted among them. The
/// two families never meet.
/// Source: RFC 4291 section 2.2, forms 1 and 2; MESSAGING section 2.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor::routing {

/// Version 4 uses the first four bytes.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    bool is_version_6{};

    friend bool operator==(Address const&, Address const&) = default;
};

std::optional<Address> parse_address(std::string_view text);

/// A block of addresses: those that share the first bits.
struct Network {
    Address base{};
    int bits{};

    bool contains(Address const& address) const;
};

/// `10.0.0.0/8`: version 4 with 0 to 31 bits, version 6 with 0 to 127. Bits behind are ignored.
std::optional<Network> parse_network(std::string_view text);

} // namespace kontor::routing
