#pragma once

#include "bench/bench.hpp"

#include <functional>

namespace kontor::bench {

/// The JSON objects that a command prints, one a line; other lines are left out.
std::vector<boost::json::object> rows_of(std::string const& command);

/// How many appends a second we do with so many in flight.
using OurRate = std::function<double(std::size_t in_flight)>;

/// Runs each peer of bench/peers/append.py, and right after it ourselves at the same numbers in
/// flight; adds both rates and their ratio, with the goals of the benchmark. A peer that cannot be
/// had becomes a note.
void compare_with_append_peers(Report& report, BenchOptions const& options, OurRate const& ours);

} // namespace kontor::bench
