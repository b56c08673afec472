#pragma once

/// The limits of one order, and what happens at each: the command is rejected, nothing is cut off.

#include "base/instant.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::order {

/// Rows of an order, those added later included: they fit a request body of 128 KiB. At the limit:
/// too_many_lines.
inline constexpr std::size_t lines_max = 1'500;
/// Minor units of one order, everything ever sold in it. At the limit: out_of_range.
inline constexpr std::int64_t total_max = 1'000'000'000'000;
/// Ways to pay a buyer may offer, the first included. At the limit: too_many_attempts.
inline constexpr std::uint32_t payment_attempts_max = 3;
/// How long an order may stay open for an edit before the process abandons it.
inline constexpr Duration edit_open_max = Duration::minutes(30);
/// Parcels of one order. At the limit: limit_reached.
inline constexpr std::size_t parcels_max = 10'000;
/// Returns, refunds, and commands remembered by their id, each. At the limit: limit_reached.
inline constexpr std::size_t changes_max = 1'000;

static_assert(lines_max <= UINT16_MAX, "a line number is 16 bits");

} // namespace kontor::order
