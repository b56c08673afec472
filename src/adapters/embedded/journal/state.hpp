#pragma once

/// State: what desk, writer, upkeep and readers of one journal share. One short mutex guards it;
/// nobody holds it while waiting for the disk.

#include "adapters/embedded/journal/faults.hpp"
#include "adapters/embedded/journal/frames.hpp"
#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/postings.hpp"
#include "adapters/embedded/journal/sealed_list.hpp"
#include "adapters/embedded/journal/two_generations.hpp"

#include "ports/event_store.hpp"

#include "base/agent.hpp"
#include "base/clock.hpp"

#include <atomic>
#include <functional>
#include <mutex>

namespace kontor::journal {

class Checkpoint;

/// A file that waits to become a segment.
struct Spare {
    std::string name;
    std::uint64_t earlier{0}; ///< the generation that it held before; 0: it is zeros
};

struct State {
    State(ports::Disk& a_disk, Clock& a_clock, Faults& some_faults, Limits const& some_limits)
        : disk(a_disk), clock(a_clock), faults(some_faults), limits(some_limits), files(a_disk),
          frames(some_limits.window_bytes, some_limits.chunk_bytes) {}

    ports::Disk& disk;
    Clock& clock;
    Faults& faults;
    Limits const limits;
    SegmentFiles files;
    std::vector<EventTypeName> types;
    /// Hears of each frame that has become durable: how long its write took, and how many bytes it
    /// was. On the writer's thread; empty: nobody wants to know.
    std::function<void(Duration took, std::uint64_t bytes)> on_written;

    std::mutex mutex;
    // Guarded by the mutex.
    Frames frames;
    Postings postings;
    TwoGenerations<StreamId, LiveStream> streams;
    TwoGenerations<CommandId, CommitPlace> outcomes;
    std::uint64_t streams_mark{0};  ///< the last frame when the old half of streams was young …
    std::uint64_t outcomes_mark{0}; ///< … and of outcomes
    std::uint64_t agings{0};        ///< how often streams were forgotten
    std::shared_ptr<SealedList const> sealed{std::make_shared<SealedList const>()};
    std::vector<SegmentForm> forms;               ///< of the segments in `sealed`
    std::shared_ptr<Checkpoint const> checkpoint; ///< the newest; null: there is none
    std::vector<Chain> unindexed; ///< where sealed segments without an index begin, oldest first
    Chain open_chain;             ///< what the head of the open segment said
    std::vector<Spare> spares;    ///< oldest first
    std::vector<std::string> reserves; ///< their space is taken: for when the disk has no other
    /// The number in the newest spare's name. It only grows, from life to life too: a spare that
    /// the writer has taken and not yet renamed is in no list, and a new one of its name would take
    /// its place.
    std::uint64_t spares_made{0};
    std::uint64_t next_position{1};
    std::uint64_t durable_frame{0};
    std::uint64_t pins_made{0};
    std::uint64_t pending_bytes{0};
    bool is_filling{false}; ///< the last frame takes more appends
    bool is_sealed{false};  ///< the last frame is a seal
    Bell* writer_bell{nullptr};

    // Read by anybody. The position is stored first and read last.
    std::atomic<std::uint64_t> accepted_append{0}; ///< stored under the mutex
    std::atomic<std::uint64_t> durable_append{0};
    std::atomic<std::uint64_t> durable_position{0};
    std::atomic<bool> is_broken{false};
    std::atomic<ports::Room> room{ports::Room::ample};

    /// Forgets postings whose frames were dropped.   Requires: the mutex.
    void drop_postings() {
        postings.drop_before(frames.begin() < frames.end() ? frames[frames.begin()].first_group
                                                           : postings.end());
    }
    /// Lets go of memory that nobody needs.   Requires: the mutex.
    void trim() {
        frames.shrink(durable_frame);
        if (!sealed->empty())
            frames.drop_indexed(sealed->back()->facts().next_frame - 1);
        drop_postings();
    }
};

inline Failure broken_failure() {
    return {FailureKind::broken,
            "the disk refused a write before: the program must stop and start again"};
}

} // namespace kontor::journal
