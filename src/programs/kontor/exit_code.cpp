#include "programs/kontor/exit_code.hpp"

#include "base/assert.hpp"

namespace kontor::programs {

ExitCode exit_code_of(FailureKind kind) {
    switch (kind) {
    case FailureKind::not_found: return ExitCode::not_found;
    case FailureKind::conflict: return ExitCode::conflict;
    case FailureKind::full:
    case FailureKind::unavailable:
    case FailureKind::timed_out:
    case FailureKind::throttled:
    case FailureKind::broken: return ExitCode::unavailable;
    case FailureKind::corrupt: return ExitCode::check_failed;
    case FailureKind::invalid: return ExitCode::usage;
    case FailureKind::cancelled: return ExitCode::interrupted;
    case FailureKind::unsupported: return ExitCode::failed;
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::programs
