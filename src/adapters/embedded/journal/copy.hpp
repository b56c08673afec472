#pragma once

/// copy: a journal that nobody has open, whole, into another directory; and the head under which a
/// copy goes on as a history of its own.
///
/// Thread: one.
/// Invariants: 1. What is copied was verified, and so is the copy.
///             2. What a crash left torn stays behind: nobody was told about it.
/// Source: RELIABILITY sections 1 and 6.

#include "adapters/embedded/journal/segment.hpp"
#include "adapters/embedded/journal/verify.hpp"

namespace kontor::journal {

/// A copy, and where it ends.
struct Copied {
    VerifyReport report;
    Chain end;
    std::uint64_t segment_bytes;
};

/// Copies all segments, each under its name when it is whole and durable. Indexes and spares are
/// made anew by whoever opens the copy. `on_segment` as for verify; it hears of each segment once.
/// Errors:   conflict (`to` holds a journal), not_found (`from` holds none), corrupt, unsupported,
///           unavailable, broken.
Result<Copied> copy(ports::Disk& from, ports::Disk& to,
                    std::function<void(std::size_t number, std::size_t of)> const& on_segment);

/// A history that goes on from a copy.
struct Branch {
    Id128 lineage;
    std::vector<EventTypeName> types;
    Instant now;
};

/// Begins the next segment of a copy under a new lineage, so that whoever followed the old one
/// notices that this is another.
/// Errors:   unavailable, broken.
Result<void> begin_branch(ports::Disk& disk, Copied const& copied, Branch const& branch);

} // namespace kontor::journal
