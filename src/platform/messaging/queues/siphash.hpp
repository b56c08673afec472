#pragma once

/// SipHash-2-4: a keyed 64-bit MAC of short texts, in nanoseconds where HMAC takes a microsecond.
/// Whoever does not know the key can neither make one nor find two texts that share one.
/// Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012).

#include <array>
#include <cstdint>
#include <span>

namespace kontor::queues {

using SipKey = std::array<std::uint64_t, 2>;

std::uint64_t siphash(SipKey const& key, std::span<std::uint8_t const> bytes);

} // namespace kontor::queues
