#pragma once

/// F3: what it takes to find one string field of an event, with nothing around it.

#include <string_view>
#include <vector>

namespace kontor::bench {

/// Nanoseconds to find `properties.MAPBLKLOT` with simdjson On-Demand.
/// Requires: lots, each followed in memory by another one.
double measure_field_floor(std::vector<std::string_view> const& events, double seconds);

} // namespace kontor::bench
