#pragma once

/// Intake: the desk's side of the journal. Judges commits, encodes them into the frame that is
/// being filled, and knows heads and outcomes without waiting for the writer.
///
/// Thread: the desk's.
/// Invariants: 1. Nothing of a refused commit and nothing of a failed append is taken.
///             2. Encodes under the mutex, so a frame is closed between appends only.

#include "adapters/embedded/journal/cold.hpp"
#include "adapters/embedded/journal/state.hpp"
#include "ports/event_store.hpp"

namespace kontor::journal {

class Intake {
public:
    Intake(State& state, Cold& cold) : state_(state), cold_(cold) {}

    /// Errors:   as the port's append.
    Result<ports::Appended> append(ports::Batch const& batch);
    /// Errors:   unavailable, corrupt.
    Result<ports::StreamVersion> head(StreamId const& stream);

private:
    Result<std::uint32_t> check(ports::Batch const& batch);
    /// Brings every stream of the batch into `live_`.   Requires: the mutex.
    Result<void> load_heads(ports::Batch const& batch, std::unique_lock<std::mutex>& lock);
    /// `waited`: the mutex was free meanwhile, so pointers from before are worth nothing.
    Result<LiveStream*> load_head(StreamId const& stream, std::unique_lock<std::mutex>& lock,
                                  bool& waited);
    void choose_frame(std::uint32_t bytes);
    /// A small frame between a seal and the first append: while a seal is the last frame, nothing
    /// that a crash could tear is in flight.
    void confirm_seal();
    ports::AppendNumber encode(ports::Batch const& batch);
    void note_postings(std::span<LiveStream* const> live, CommitPlace const& place);
    void age();

    State& state_;
    Cold& cold_;
    std::uint64_t head_bytes_{0};         ///< that the head of a segment takes; 0: not yet asked
    std::vector<LiveStream*> live_;       ///< of each stream of the batch
    std::vector<std::uint64_t> versions_; ///< of a commit's streams before it
    std::vector<ports::CommitOutcome> outcomes_;
};

} // namespace kontor::journal
