#pragma once

/// Trouble: why a command ended without its answer. A Failure says what and where; the trouble adds
/// its row in the registry of problems, which has the code, and what to do about it here.
///
/// Invariants: 1. Every trouble has a row: `kontor explain CODE` knows all that are ever printed.
///             2. The kind of the failure alone decides the exit code.

#include "base/result.hpp"
#include "platform/problems/problems.hpp"
#include "programs/kontor/exit_code.hpp"

#include <string>
#include <string_view>

namespace kontor::programs {

struct Trouble {
    /// What the world says, under the row of its kind: `KONTOR_TRY` makes troubles of failures.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Trouble(Failure from)
        : failure(std::move(from)), problem(&problems::problem_of(failure.kind)) {}

    /// Under a row of its own. `instead` says what to do more exactly than the row can; where it is
    /// empty, the row's words stand.   Requires: the row exists.
    Trouble(std::string_view name, Failure from, std::string instead = {})
        : failure(std::move(from)), problem(problems::find_problem(name)),
          remedy(std::move(instead)) {
        KONTOR_ASSERT(problem != nullptr, "no problem is called {}", name);
    }

    std::string_view what_to_do() const {
        return remedy.empty() ? problem->remedy : std::string_view(remedy);
    }

    Failure failure;
    problems::Problem const* problem;
    std::string remedy{};
};

/// How a command ended.
using Outcome = Result<ExitCode, Trouble>;

} // namespace kontor::programs
