#pragma once

/// Lots: generated events of the size and shape that event engines are measured with: parcels of
/// land as GeoJSON features, the same for a seed on every machine. And the rules that are asked of
/// them, five in each of fourteen families.
/// Source: PERFORMANCE H1; the shape is that of event-ruler's `citylots2`.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::bench {

inline constexpr std::size_t lot_events = 213'068;
inline constexpr std::size_t rules_of_family = 5;

/// Events, one a line.
std::string generate_lots(std::uint64_t seed, std::size_t events);

struct RuleFamily {
    std::string name;
    std::vector<std::string> patterns;
    double goal_ns; ///< an event
};

/// Requires: lots of the same seed, for some rules ask for values that only they have.
std::vector<RuleFamily> lot_rules(std::string_view lots);

std::vector<std::string_view> lines_of(std::string_view text);

} // namespace kontor::bench
