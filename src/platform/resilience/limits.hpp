#pragma once

/// The limits of what is asked of others, with what happens at each.
/// Source: RELIABILITY section 8.

#include <cstddef>
#include <cstdint>

namespace kontor::resilience {

/// So far back a breaker and a budget remember. Older calls say nothing.
inline constexpr std::int64_t window_seconds = 10;

/// Transitions of a breaker that are remembered; the oldest are forgotten.
inline constexpr std::size_t transitions_max = 32;

/// Calls that are under way to one whom we ask; more wait for their turn.
inline constexpr std::size_t in_flight_max = 25;

} // namespace kontor::resilience
