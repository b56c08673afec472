#pragma once

/// Limits of a lane. At the first the parcel is not taken, and whoever brings it says what becomes
/// of it: it is a dead letter. At the second parcels wait.

#include <cstddef>

namespace kontor::lanes {

inline constexpr std::size_t waiting_max = 10'000;
inline constexpr std::size_t in_flight_max = 10;

static_assert(in_flight_max <= waiting_max);

} // namespace kontor::lanes
