#pragma once

/// The headline benchmarks, one file each. `kontor_bench NAME` runs one; see PERFORMANCE for what
/// each must do.

#include "bench/report.hpp"

#include <string>
#include <vector>

namespace kontor::bench {

struct BenchOptions {
    std::string directory; ///< where data is written: the disk under test
    double seconds{10};    ///< of each measurement
    std::uint64_t seed{42};
    std::uint64_t events{10'000'000}; ///< in the log, where the benchmark wants a long one
    std::string input{};              ///< a file to read, where the benchmark wants one
    std::vector<std::string> only{};  ///< shapes of the workload; empty: all
    bool with_peers{false};           ///< also runs those who do the same, in the same minutes
};

Report bench_checkout(BenchOptions const& options);
Report bench_fanout(BenchOptions const& options);
Report bench_floor(BenchOptions const& options);
Report bench_append(BenchOptions const& options);
Report bench_http(BenchOptions const& options);
Report bench_import(BenchOptions const& options);
Report bench_load(BenchOptions const& options);
Report bench_queue(BenchOptions const& options);
Report bench_recovery(BenchOptions const& options);
Report bench_rehydrate(BenchOptions const& options);
Report bench_router(BenchOptions const& options);
Report bench_router_scale(BenchOptions const& options);

} // namespace kontor::bench
