#pragma once

/// The headline benchmarks, one file each. `kontor_bench NAME` runs one; see PERFORMANCE for what
/// each must do.

#include "bench/report.hpp"

#include <string>

namespace kontor::bench {

struct BenchOptions {
    std::string directory; ///< where data is written: the disk under test
    double seconds{10};    ///< of each measurement
    std::uint64_t seed{42};
    std::string input{}; ///< a file to read, where the benchmark wants one
};

Report bench_checkout(BenchOptions const& options);
Report bench_floor(BenchOptions const& options);

} // namespace kontor::bench
