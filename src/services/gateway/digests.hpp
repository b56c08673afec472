#pragma once

/// The few digests that the gateway needs, from OpenSSL.   Thread: any.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kontor::services::gateway {

using Digest = std::array<std::uint8_t, 32>;

/// Of all parts, each preceded by its length, so that no two lists of parts look alike.
Digest sha256(std::span<std::string_view const> parts);

/// Source: RFC 2104.
Digest hmac_sha256(std::string_view key, std::string_view text);

/// Takes as long for the first differing byte as for the last.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Without padding.   Source: RFC 4648 section 5.
std::string base64url(std::string_view bytes);
/// Empty text: not the one spelling that base64url gives.
std::string from_base64url(std::string_view text);

inline std::string_view as_text(Digest const& digest) {
    return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

} // namespace kontor::services::gateway
