#pragma once

/// The exit codes of `kontor`, the same for every command. Scripts depend on them: they never
/// change.

#include "base/failure.hpp"

#include <span>
#include <string_view>

namespace kontor::programs {

enum class ExitCode : int {
    ok = 0,
    failed = 1,
    usage = 2,
    not_found = 3,
    conflict = 4,
    unavailable = 5,
    partly_failed = 6,
    check_failed = 7,
    interrupted = 130
};

struct ExitCodeMeaning {
    ExitCode code;
    std::string_view what; ///< for the manual
};
/// All of them, ascending.
std::span<ExitCodeMeaning const> exit_codes();

/// What a Failure of the world means for a script.
ExitCode exit_code_of(FailureKind kind);

} // namespace kontor::programs
