#pragma once

/// Scrub: reads the sealed segments again, each once a week, slowly, so that rot is found while a
/// backup still has what rots. A segment that does not check is noted and left as it is: whoever
/// reads it is told so, and the next one is read.
///
/// How far it has come lies in the file `scrubbed`, so that a shop that starts every day gets
/// through as well. One that is missing, damaged or of another log: it begins anew.
///
/// Thread: one works; `scrubbed` any.
/// Invariants: 1. It reads no more than a twentieth of the time.
///             2. Between two passes lies a week, counted from the beginning of the first.
/// Source: RELIABILITY section 6.

#include "adapters/embedded/journal/scrubbed.hpp"
#include "adapters/embedded/journal/state.hpp"

namespace kontor::journal {

class Scrub {
public:
    explicit Scrub(State& state) : state_(state) {}

    /// Reads a piece, if one is due. False: nothing is due now.
    /// Errors:   broken (how far it came cannot be kept).
    Result<bool> work();
    Scrubbed scrubbed() const {
        std::lock_guard const lock(mutex_);
        return scrubbed_;
    }

private:
    /// How far it has come.
    struct Kept {
        Id128 lineage{};
        std::uint64_t through{0}; ///< generation of the last segment that was read
        bool is_on{false};        ///< a pass is under way
        Instant began_at{};       ///< this pass, or the last
        Instant all_since{};      ///< the beginning of the last pass that came to its end
    };
    void load(Id128 lineage);
    /// Errors:   broken.
    Result<void> save();
    /// The next one of the pass; null: none is due.   Errors: broken.
    Result<std::shared_ptr<SegmentIndex const>> next_segment();
    /// True: it is through.   Errors: what the disk says, and corrupt.
    Result<bool> read_piece();
    void note(Failure const& failure);

    State& state_;
    Kept kept_;
    std::shared_ptr<SegmentIndex const> index_; ///< of the segment that is being read; null: none
    std::optional<SegmentReader> reader_;
    Chain chain_;
    Duration rests_until_{};
    mutable std::mutex mutex_;
    Scrubbed scrubbed_;
};

/// The name of the file that keeps how far it came.
inline constexpr std::string_view scrubbed_name = "scrubbed";

} // namespace kontor::journal
