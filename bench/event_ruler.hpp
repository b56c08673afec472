#pragma once

/// event-ruler, the engine of EventBridge's patterns, asked about events by families of rules.

#include "bench/bench.hpp"

#include <string>
#include <vector>

namespace kontor::bench {

struct RulerFamily {
    std::string name;
    std::vector<std::string> patterns;
};

/// What it took for a family, and which rules matched which event, in one number: for each event
/// times 31, plus a bit for each rule that matched, by its number modulo 64.
struct RulerRow {
    std::string family;
    double ns_an_event;
    std::string digest; ///< 16 hexadecimal digits
};

/// `events`: one a line. Each family warms up and is measured for half of the options' seconds.
/// Where it cannot be had there are no rows, and a note says why.
std::vector<RulerRow> ask_event_ruler(Report& report, BenchOptions const& options,
                                      std::string const& events,
                                      std::vector<RulerFamily> const& families);

} // namespace kontor::bench
