#pragma once

/// Completion: what may come next on a half-typed line, and the scripts that make a shell ask.
/// The scripts know nothing of the commands: they hand over the words and show what comes back.
/// Thread: any.

#include "programs/kontor/command_tree.hpp"

#include <functional>
#include <span>

namespace kontor::programs {

struct Candidate {
    std::string word;
    std::string what; ///< in a sentence; empty: the word says it
};

/// What exists under the name of a positional, as "order" or "sku"; empty: nobody knows.
using Existing = std::function<std::vector<Candidate>(std::string_view positional)>;

/// What may stand where the last of `words` is being typed; it may be empty. `words` are those
/// behind the program's name. Empty: nothing of ours, as where a file is asked for.
std::vector<Candidate> candidates(CommandShape const& root, std::span<std::string const> words,
                                  Existing const& existing);

/// The script for "bash", "zsh" or "fish"; empty for any other shell.
std::string_view completion_script(std::string_view shell);

} // namespace kontor::programs
