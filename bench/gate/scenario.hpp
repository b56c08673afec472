#pragma once

/// Scenario: a piece of work whose instructions are counted under callgrind. What is prepared does
/// not count; what runs inside `measured` does. Single-threaded, fixed inputs, at most 50 million
/// instructions.

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace kontor::bench {

/// callgrind counts from here to the return (`--toggle-collect`), and so are allocations. Call it
/// once.
void measured(std::function<void()> const& work);

/// What else is counted exactly while it is measured. A scenario sets what it knows of.
struct Counts {
    std::uint64_t disk_writes{0}; ///< calls of the log that change the disk, each a system call
    std::uint64_t desk_reads{0};  ///< streams that the desk loaded, where it should know them
};
Counts& counts();

/// Prepares, measures, checks what came out; returns the operations.
using Scenario = std::uint64_t (*)();

std::map<std::string, Scenario> codec_scenarios();
std::map<std::string, Scenario> journal_scenarios();
std::map<std::string, Scenario> shop_scenarios();

} // namespace kontor::bench
