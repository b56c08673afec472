#pragma once

/// Failure: the world says no. Every port answers with one of a closed set of kinds, and each kind
/// has one answer (STYLE section 5): a policy switches on `kind`, exhaustively.

#include "base/describe.hpp"

#include <string>
#include <string_view>

namespace kontor {

enum class FailureKind : unsigned char {
    conflict,    ///< another writer was first: load, decide again, a limited number of times
    full,        ///< a limit is reached: refuse with Retry-After, or leave the message
    unavailable, ///< not reachable now: retry with jitter inside deadline and budget, at one layer
                 ///< only
    timed_out,   ///< no answer in time; a write may have happened: the same ids make a second try
                 ///< harmless
    throttled,   ///< asked too often: as unavailable
    not_found,   ///< tell the caller
    invalid,     ///< bytes from others do not parse: tell the caller, or dead-letter
    unsupported, ///< tell the caller
    cancelled,   ///< stop
    corrupt,     ///< bytes that we wrote do not check: stop the node and say where
    broken       ///< our storage refused a write or a sync: stop, restart, recover; never retry
};
BOOST_DESCRIBE_ENUM(FailureKind, conflict, full, unavailable, timed_out, throttled, not_found,
                    invalid, unsupported, cancelled, corrupt, broken)

/// `what` is a sentence for a person that says what failed and what to do; `where` is a place: a
/// file and offset, a line of input, a position.
struct Failure {
    FailureKind kind;
    std::string what;
    std::string where{};

    friend bool operator==(Failure const&, Failure const&) = default;
};

std::string_view name(FailureKind kind);

/// "corrupt: the checksum of the frame at position 812 does not match (journal/0003.seg, offset
/// 40960)"
std::string to_string(Failure const& failure);

} // namespace kontor
