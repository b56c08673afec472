#pragma once

/// Which failures pass by themselves: the same thing, tried again later, may succeed; and which
/// are damage, that stops whoever meets it. The answer to each kind is STYLE's, section 5; how
/// often and how long to try is the caller's policy.

#include "base/assert.hpp"
#include "base/failure.hpp"

namespace kontor {

constexpr bool is_transient(FailureKind kind) {
    switch (kind) {
    case FailureKind::conflict:
    case FailureKind::full:
    case FailureKind::unavailable:
    case FailureKind::timed_out:
    case FailureKind::throttled: return true;
    case FailureKind::not_found:
    case FailureKind::invalid:
    case FailureKind::unsupported:
    case FailureKind::cancelled:
    case FailureKind::corrupt:
    case FailureKind::broken: return false;
    }
    KONTOR_UNREACHABLE();
}

constexpr bool is_damage(FailureKind kind) {
    return kind == FailureKind::corrupt || kind == FailureKind::broken;
}

} // namespace kontor
