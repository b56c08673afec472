#pragma once

/// Compare: two builds of this program run the same benchmark in turn, A B B A, and what they
/// measure is set against each other pair by pair: so what the machine does meanwhile hits both.

#include "bench/bench.hpp"

#include <string>

namespace kontor::bench {

struct Builds {
    std::string before;
    std::string after;
};

/// Figures that only one of the two has are left out, and named in a note.
Report compare_builds(std::string const& name, Builds const& builds, BenchOptions const& options);

} // namespace kontor::bench
