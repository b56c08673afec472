#pragma once

/// Writer: the log thread. Takes all that is ready as one frame, writes it with one synced write,
/// makes it visible, and begins again: under load frames grow by themselves, when idle an append
/// costs one sync. One frame is in flight, so a crash can tear only that one.
///
/// Thread: its own.
/// Invariants: 1. The durable position moves only behind a frame whose write returned.
///             2. A block that holds such a frame is never written again.
///             3. After a write or sync failed nothing is written any more.

#include "adapters/embedded/journal/upkeep.hpp"

namespace kontor::journal {

/// Where a journal goes on.
struct Tail {
    Chain start;          ///< what the head of the open segment said
    Chain chain;          ///< what the next frame must say
    std::uint64_t offset; ///< of the next frame in its segment
    FrameKind last;       ///< of the frame before
};

class Writer final : public Agent {
public:
    Writer(State& state, Upkeep& upkeep) : state_(state), upkeep_(upkeep) {}

    /// Takes the open segment's file.
    /// Errors:   not_found, unavailable.
    Result<void> go_on(Tail const& tail);
    /// Makes the next segment and stands behind its head.
    /// Errors:   broken.
    Result<void> begin_segment(Chain const& chain);

    std::string_view name() const override { return "journal.writer"; }
    /// Writes up to `items_max` frames.
    /// Errors:   broken.
    Result<WorkDone> do_work(WorkBudget budget) override;
    bool listen(Bell* bell) override;
    bool is_awaited() const override { return true; }

    /// Writes all that is accepted, then the seal.
    /// Errors:   broken.   Requires: no more appends.
    Result<void> close();

private:
    struct Job {
        std::uint64_t number;
        FrameKind kind;
        std::uint8_t* bytes;
        FrameHeader header;
    };
    Result<bool> write_one();
    std::optional<Job> take();
    std::optional<Job> take_control(FrameKind kind);
    Job job_of(std::uint64_t number, FrameKind kind);
    Result<void> write(Job job);
    Result<void> write_to_disk(Job& job);
    Result<void> roll();
    void publish(Job const& job);
    Result<void> confirm_when_idle();

    State& state_;
    Upkeep& upkeep_;
    std::unique_ptr<ports::File> file_;
    Chain chain_;      ///< what the next frame says
    Chain open_start_; ///< what the head of the open segment said
    std::uint64_t offset_{0};
    FrameKind last_{FrameKind::head};
    Duration written_at_{};
    Blocks control_{ports::disk_block_bytes};
};

} // namespace kontor::journal
