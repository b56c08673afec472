#pragma once

/// Gathering: what the index of a segment will say, taken from its frames while they are in memory,
/// so that a sealed segment is not read again for its index. A segment of which a frame was missed
/// (it had left the window, or was written before this start) is given up: whoever builds its index
/// reads the file.
///
/// Thread: one at a time.
/// Invariants: 1. A gathered index is byte for byte the one that reading the segment gives.

#include "adapters/embedded/journal/index_builder.hpp"
#include "adapters/embedded/journal/state.hpp"

#include <deque>

namespace kontor::journal {

class Gathering {
public:
    explicit Gathering(State& state) : state_(state) {}

    /// Takes up all durable frames that it has not seen.
    /// Errors:   corrupt (a record of no form).
    Result<void> keep_up();

    /// All that a segment holds and where its last frame ends. Empty: some of it was missed.
    struct Sealed {
        IndexBuilder builder;
        std::uint64_t end;
    };
    /// Hands over what was gathered of a sealed segment, and forgets what is older.
    std::optional<Sealed> hand_over(Chain const& start, Chain const& next);

private:
    /// Of one segment.
    struct Part {
        std::uint64_t generation;
        std::uint64_t first_frame; ///< the first one that was seen
        std::uint64_t next_frame;  ///< behind the last one that was seen
        std::uint64_t end;         ///< offset behind it
        bool is_whole;
        IndexBuilder builder;
    };
    /// Its chunk stays as it is.
    struct Taken {
        FrameRef frame;
        std::uint64_t number;
    };
    /// A few more frames up to the one of this number.
    std::vector<Taken> take(std::uint64_t up_to);
    Part& part_of(Taken const& taken);

    State& state_;
    std::uint64_t next_{0};
    Id128 lineage_;
    std::deque<Part> parts_; ///< oldest first
};

} // namespace kontor::journal
