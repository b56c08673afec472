#pragma once

/// Which command does what a route of the API does: the command line can do everything the API can.
/// Help, manual and reference of each command name its routes from here.   Thread: one.

#include "programs/kontor/program.hpp"

#include <string_view>

namespace kontor::programs {

/// Writes below each command which routes do the same.   Requires: the tree is whole.
void note_routes(CLI::App& app);

/// Why no command does what a route does; empty: one should.
std::string_view why_no_command(std::string_view route);

/// What stands above the routes of a command in its help.
inline constexpr std::string_view routes_head = "\n\nOver HTTP:\n";

} // namespace kontor::programs
