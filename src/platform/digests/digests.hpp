#pragma once

/// Digests: what names and signatures are made of, from OpenSSL, and their text in hexadecimal
/// digits.   Thread: any.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kontor::digests {

using Sha256 = std::array<std::uint8_t, 32>;

/// Source: FIPS 180-4.
Sha256 sha256(std::string_view text);
/// Source: RFC 2104.
Sha256 hmac_sha256(std::string_view key, std::string_view text);

/// In lower case.
std::string hex(std::span<std::uint8_t const> bytes);

/// Takes as long for the first differing byte as for the last.
bool equal_in_constant_time(std::string_view a, std::string_view b);

inline std::string_view as_text(Sha256 const& digest) {
    return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

} // namespace kontor::digests
