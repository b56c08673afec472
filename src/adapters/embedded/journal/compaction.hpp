#pragma once

/// Compaction: which sealed segments are to be squeezed, and what becomes of their raw files. One
/// with much padding is made dense at once; one that is old is made cold. The raw file then waits
/// to become another segment, or is removed where enough do.
///
/// Thread: one: upkeep's.
/// Invariants: 1. A raw file is given away only when the squeezed one stands durably under its name
///                and nobody reads the raw one any more.
///             2. A file has no segment's name any more, durably, before anything is written to it.

#include "adapters/embedded/journal/squeeze.hpp"
#include "adapters/embedded/journal/state.hpp"

#include <functional>

namespace kontor::journal {

/// Hears of a segment before it is squeezed, with how many there are to squeeze.
using OnSegment = std::function<void(std::size_t number, std::size_t of)>;

/// What squeezing everything came to.
struct Compacted {
    std::uint64_t segments{0};     ///< that were squeezed now
    std::uint64_t bytes_before{0}; ///< of their files …
    std::uint64_t bytes_after{0};
};

class Compaction {
public:
    explicit Compaction(State& state) : state_(state) {}

    /// Whether a segment is being squeezed or is to be.
    bool is_due();
    /// Goes on a bounded step. False: there is nothing to do now, or no space for another file.
    /// Errors:   corrupt (a sealed segment does not check), unavailable, broken.
    Result<bool> work(bool has_space);
    /// Makes all sealed segments cold, whatever their age.
    /// Requires: all have an index, and nobody else works.
    /// Errors:   as work, full (there is no space for another file).
    Result<Compacted> work_off(OnSegment const& on_segment);

private:
    struct Due {
        std::shared_ptr<SegmentIndex const> index;
        SegmentForm form;
    };
    std::optional<Due> find_due();
    bool is_padded(SegmentFacts const& facts) const;
    Result<void> begin(Due due);
    Result<void> check_space();
    Result<std::uint64_t> file_bytes(std::uint64_t generation);
    Result<bool> go_on();
    Result<bool> give_back();

    State& state_;
    std::size_t looked_at_{0}; ///< that many of the sealed segments were asked for their padding …
    std::size_t cooled_{0};    ///< … and that many are cold
    std::optional<Squeeze> squeeze_;
    std::optional<std::uint64_t> left_; ///< whose raw file is to be given away
};

} // namespace kontor::journal
