#pragma once

/// Planted bugs: which one this run shall have. Only code that tests/mutants/plant.py has changed
/// asks; the product knows nothing of it.   Thread: set before any other starts.

#include <span>
#include <string_view>

namespace kontor {

/// The bugs that were built in; empty in kontor_sim.
std::span<std::string_view const> planted_bugs();
/// False: no such bug was built in.
bool choose_planted(std::string_view name);
bool planted(std::string_view name);

} // namespace kontor
