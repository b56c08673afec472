#pragma once

/// How many rows a list shows: so many as were asked for; else a screen or two where a person reads
/// it, and all where a program does, for a program does not see that something is missing.
/// Thread: one.

#include "programs/kontor/output.hpp"

#include <CLI/App.hpp>

namespace kontor::programs {

class ListLimit {
public:
    static constexpr std::size_t for_people = 50;

    /// Adds --limit.   Requires: the object stays where it is.
    void add_to(CLI::App& command);

    /// At most so many rows, as this is written.
    std::size_t rows(Output const& output) const;

private:
    std::size_t asked_{0}; ///< 0: nobody did
};

/// Says so where there is more than was shown.
void say_of_more(Output const& output, std::size_t shown, std::size_t there, std::string_view what);
/// The same where there is more, and nobody counted how much.
void say_of_more(Output const& output);

} // namespace kontor::programs
