#pragma once

/// copy: a journal, whole, into another directory; and the head under which a copy goes on as a
/// history of its own. `copy` takes one that nobody has open, LiveCopy one that goes on growing.
///
/// Thread: one.
/// Invariants: 1. What is copied was verified, and so is the copy.
///             2. What a crash left torn stays behind: nobody was told about it.
///             3. A copy of a living journal ends where that was durable: no copy is ahead of it.
/// Source: RELIABILITY sections 1 and 6.

#include "adapters/embedded/journal/segment.hpp"
#include "adapters/embedded/journal/verify.hpp"

namespace kontor::journal {

struct State;

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

/// Copies a journal while it is written, a segment at a time. The last one is that which was open
/// at the beginning, as far as it is durable when its turn comes: so it ends, however fast the log
/// grows. Files that are squeezed meanwhile stay until they are copied.
/// Thread: one, and any; writer and upkeep go on.
class LiveCopy {
public:
    /// Both outlive it.
    /// Errors:   conflict (`to` holds a journal), unavailable.
    static Result<LiveCopy> begin(State& state, ports::Disk& to);

    /// Copies the next segment. True: it was the last.   Requires: that did not say true before.
    /// Errors:   corrupt (with position and place), unsupported, unavailable, broken.
    Result<bool> copy_next();
    /// Reads the copy back, and holds it against what was copied. Asks between commits whether it
    /// shall stop.   Requires: copy_next said true.
    /// Errors:   corrupt, cancelled, unsupported, unavailable.
    Result<Copied> verify(std::function<bool()> const& shall_stop) const;

    std::uint64_t segments_done() const { return end_.generation; }
    std::uint64_t segments() const { return last_generation_; }

private:
    LiveCopy(State& state, ports::Disk& to, std::uint64_t last)
        : state_(&state), to_(&to), last_generation_(last) {}
    /// The last frame that may be taken of the segment whose turn it is.
    std::uint64_t last_frame() const;
    /// That no frame is missing at the end.   Errors:   corrupt, unsupported, unavailable.
    Result<void> check_end(SegmentReader const& reader, std::uint64_t last) const;

    State* state_;
    ports::Disk* to_;
    std::uint64_t last_generation_;
    Chain end_{};
    std::uint64_t segment_bytes_{0};
};

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
