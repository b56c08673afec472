#pragma once

#include "bench/bench.hpp"

namespace kontor::bench {

/// Runs bench/peers/append.py and adds each peer's rate, and ours over theirs at the same number in flight, with the goals of
/// the benchmark. A peer that cannot be had becomes a note.
void compare_with_append_peers(Report& report, BenchOptions const& options);

} // namespace kontor::bench
