#pragma once

/// The command tree as a value: what help, man pages, completion and the reference are made from,
/// so that none of them can say something else than the others.   Thread: any.

#include <CLI/App.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kontor::programs {

struct ParameterShape {
    std::vector<std::string> names; ///< "-q", "--quiet"; of a positional one the bare name
    std::string what;
    std::string takes;                ///< "TEXT", "UINT"…; empty: a flag
    std::vector<std::string> choices; ///< empty: anything that fits
    bool required{false};
    bool repeats{false};
};

struct CommandShape {
    std::string line; ///< "kontor order show"
    std::string name; ///< "show"
    std::string what;
    std::string examples;              ///< one a line
    std::vector<std::string> routes{}; ///< of the API that do the same: "GET /v1/orders"
    std::vector<ParameterShape> positionals{};
    std::vector<ParameterShape> options{};
    std::vector<CommandShape> commands{};

    /// Null: there is none of this name.
    CommandShape const* find(std::string_view command) const;
};

/// Reads the tree; commands without a group are not for people and stay out.
CommandShape shape_of(CLI::App const& app);

/// The same as an object: what `kontor spec cli` prints.   Shape: JSON, one line.
std::string json_of(CommandShape const& command);

/// Calls `visit` for this command, then for all below it.
template <class Visit>
void for_each_command(CommandShape const& command, Visit&& visit) {
    visit(command);
    for (auto const& below : command.commands)
        for_each_command(below, visit);
}

} // namespace kontor::programs
