#pragma once

/// Upkeep: what the journal needs beside its writes: pre-written spare files, indexes of sealed
/// segments, checkpoints, squeezing what is padded or old, reading sealed segments again, an eye on
/// free space. An agent of its own, so that no append waits for it; if it falls behind or is not
/// run at all, the writer makes spares and indexes itself.
///
/// Thread: one agent; its pieces may also be called by the writer.

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/compaction.hpp"
#include "adapters/embedded/journal/gathering.hpp"
#include "adapters/embedded/journal/scrub.hpp"

#include "base/agent.hpp"

namespace kontor::journal {

class Upkeep final : public Agent {
public:
    Upkeep(State& state, Cold& cold)
        : state_(state), cold_(cold), gathering_(state), compaction_(state), scrub_(state) {}

    std::string_view name() const override { return "journal.upkeep"; }
    /// Errors:   corrupt (a sealed segment does not check), unavailable, broken.
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// Builds the index of the oldest sealed segment without one. False: there is none.
    /// Errors:   corrupt, unavailable, broken.   Thread: any.
    Result<bool> index_one();
    /// Squeezes all sealed segments.
    /// Errors:   corrupt, full, unavailable, broken.   Thread: any; no agent works meanwhile.
    Result<Compacted> compact(OnSegment const& on_segment);
    /// What reading sealed segments again has found.   Thread: any.
    Scrubbed scrubbed() const { return scrub_.scrubbed(); }
    /// Looks how much room there is.   Thread: any.
    void watch_space();
    /// A file ready to become a segment, which the caller renames.
    /// Errors:   broken.   Thread: any.
    Result<Spare> take_spare();

private:
    /// Errors:   corrupt.
    Result<void> gather();
    /// Errors:   corrupt, unavailable, broken.
    Result<std::shared_ptr<SegmentIndex const>> make_index(Chain const& start, Chain const& next);
    /// Goes on with the next merged filter. False: all are there.
    /// Errors:   corrupt, unavailable, broken.
    Result<bool> merge_filters();
    /// Makes the next checkpoint when it is due, and drops the one before. False: it is not.
    /// Errors:   corrupt, unavailable, broken.
    Result<bool> make_checkpoint();
    /// Writes a step of the next spare. False: there are enough.
    /// Errors:   broken.
    Result<bool> prepare_spare();
    /// Takes the space of another reserve. False: there are enough.
    /// Errors:   broken.
    Result<bool> prepare_reserve();

    /// Whether so many segments fit on the disk.
    bool has_space(std::uint64_t segments);

    State& state_;
    Cold& cold_;
    std::atomic<std::uint64_t> free_bytes_{~std::uint64_t{0}};
    std::mutex indexing_;
    Gathering gathering_;                 ///< guarded by `indexing_`
    std::optional<ZeroedFile> preparing_; ///< the agent's alone, as are …
    Compaction compaction_;
    Scrub scrub_;
    std::optional<FilterMerge> merging_;
    std::size_t merged_up_to_{0}; ///< so many sealed segments have all merged filters they can have
    std::uint64_t declined_at_{0}; ///< … the segment when a checkpoint was of no use
};

} // namespace kontor::journal
