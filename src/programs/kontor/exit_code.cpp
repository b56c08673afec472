#include "programs/kontor/exit_code.hpp"

#include "base/assert.hpp"

#include <array>

namespace kontor::programs {

std::span<ExitCodeMeaning const> exit_codes() {
    static constexpr std::array meanings{
        ExitCodeMeaning{ExitCode::ok, "It is done."},
        ExitCodeMeaning{ExitCode::failed, "It cannot be done, by this version or at all."},
        ExitCodeMeaning{ExitCode::usage, "The command, a file or a value is not as it must be."},
        ExitCodeMeaning{ExitCode::not_found, "What was named is not there."},
        ExitCodeMeaning{ExitCode::conflict, "It contradicts what is there already."},
        ExitCodeMeaning{ExitCode::unavailable,
                        "A server, a disk or another process is in the way: try again later."},
        ExitCodeMeaning{ExitCode::partly_failed, "Some of it is done, and some is not."},
        ExitCodeMeaning{ExitCode::check_failed, "A check found that something is wrong."},
        ExitCodeMeaning{ExitCode::interrupted,
                        "It was stopped by Ctrl-C; run it again, and it goes on."},
    };
    return meanings;
}

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
