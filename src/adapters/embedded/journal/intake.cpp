#include "adapters/embedded/journal/intake.hpp"

#include "adapters/embedded/journal/record.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace kontor::journal {

using ports::Position;
using ports::StreamVersion;

Result<std::uint32_t> Intake::check(ports::Batch const& batch) {
    auto const bytes = record_bytes_max(batch);
    // The head frame of a segment takes some blocks; a frame never leaves its segment.
    if (head_bytes_ == 0)
        head_bytes_ = frame_blocks_bytes(static_cast<std::uint32_t>(
            head_body({state_.limits.segment_bytes, state_.types, 1}).size()));
    auto const room = state_.limits.segment_bytes - head_bytes_;
    if (frame_blocks_bytes(0) + bytes > room)
        return unexpected(
            Failure{FailureKind::invalid,
                    fmt::format("an append of up to {} bytes does not fit into a segment of {}",
                                bytes, state_.limits.segment_bytes)});
    for (std::size_t commit = 0; commit < batch.commits().size(); ++commit)
        if (batch.streams(commit).size() > std::numeric_limits<std::uint16_t>::max())
            return unexpected(
                Failure{FailureKind::invalid, "a commit may write to at most 65,535 streams"});
    return static_cast<std::uint32_t>(bytes);
}

Result<ports::Appended> Intake::append(ports::Batch const& batch) {
    if (state_.is_broken.load(std::memory_order_acquire))
        return unexpected(broken_failure());
    KONTOR_TRY(auto const bytes, check(batch));
    std::unique_lock lock(state_.mutex);
    bool const is_much =
        state_.pending_bytes > 0 && state_.pending_bytes + bytes > state_.limits.pending_bytes_max;
    if (is_much || state_.room.load(std::memory_order_relaxed) == ports::Room::none ||
        state_.faults.at(append_full)) {
        state_.faults.reached(became_full);
        return unexpected(Failure{FailureKind::full,
                                  is_much ? "too much waits for the disk: try again in a moment"
                                          : "the disk is nearly full: free some space"});
    }
    age();
    KONTOR_TRY(load_heads(batch, lock));
    choose_frame(bytes);
    auto const append = encode(batch);
    if (state_.writer_bell != nullptr)
        state_.writer_bell->ring();
    return ports::Appended{append, outcomes_};
}

void Intake::age() {
    bool const forgets = state_.faults.at(forget_live);
    if ((state_.streams.young_size() > state_.limits.live_streams_max / 2 || forgets) &&
        state_.frames.begin() > state_.streams_mark) {
        state_.streams.age();
        state_.streams_mark = state_.frames.end() - 1;
        ++state_.agings;
    }
    if ((state_.outcomes.young_size() > state_.limits.live_streams_max / 2 || forgets) &&
        state_.frames.begin() > state_.outcomes_mark) {
        state_.outcomes.age();
        state_.outcomes_mark = state_.frames.end() - 1;
    }
}

Result<void> Intake::load_heads(ports::Batch const& batch, std::unique_lock<std::mutex>& lock) {
    for (bool waited = true; waited;) {
        waited = false;
        live_.clear();
        state_.streams.reserve(batch.stream_count());
        for (std::size_t commit = 0; commit < batch.commits().size(); ++commit)
            for (auto const& stream : batch.streams(commit)) {
                KONTOR_TRY(auto* const live, load_head(stream.id, lock, waited));
                live_.push_back(live);
            }
    }
    return {};
}

Result<LiveStream*> Intake::load_head(StreamId const& stream, std::unique_lock<std::mutex>& lock,
                                      bool& waited) {
    if (auto* const live = state_.streams.find(stream))
        return live;
    auto const sealed = state_.sealed;
    LiveStream fresh;
    if (cold_.may_hold(*sealed, stream)) {
        waited = true;
        lock.unlock();
        auto const version = cold_.head(*sealed, stream);
        lock.lock();
        if (!version)
            return unexpected(version.error());
        fresh.version = *version;
        if (auto* const live = state_.streams.find(stream))
            return live; // a reader was here meanwhile
    }
    return &state_.streams.insert(stream, fresh);
}

void Intake::choose_frame(std::uint32_t bytes) {
    auto& frames = state_.frames;
    if (state_.is_filling) {
        auto const& last = frames.back();
        bool const fits = last.length + bytes <= state_.limits.frame_bytes_max &&
                          frames.has_room(bytes) && !state_.faults.at(frame_early);
        if (fits)
            return;
        frames.close_last();
    }
    if (std::exchange(state_.is_sealed, false))
        confirm_seal();
    auto const number = frames.begin_frame(bytes);
    frames[number].first_position = state_.next_position;
    frames[number].first_group = state_.postings.end();
    state_.is_filling = true;
}

void Intake::confirm_seal() {
    FrameRef confirm;
    confirm.first_position = state_.next_position;
    confirm.first_group = state_.postings.end();
    confirm.last_append = state_.accepted_append.load(std::memory_order_relaxed);
    confirm.confirms_seal = true;
    state_.frames.push(std::move(confirm));
}

ports::AppendNumber Intake::encode(ports::Batch const& batch) {
    auto& frame = state_.frames.back();
    auto const number = state_.frames.end() - 1;
    auto const append = state_.accepted_append.load(std::memory_order_relaxed) + 1;
    RecordWriter record(frame.bytes() + frame_header_bytes + frame.length, append,
                        state_.next_position);
    outcomes_.clear();
    std::size_t first = 0;
    bool has_refused = false;
    for (std::size_t commit = 0; commit < batch.commits().size(); ++commit) {
        auto const streams = batch.streams(commit);
        auto const live = std::span<LiveStream* const>(live_).subspan(first, streams.size());
        first += streams.size();
        bool accepted = true;
        versions_.clear();
        for (std::size_t n = 0; n < streams.size(); ++n) {
            versions_.push_back(live[n]->version);
            accepted = accepted && streams[n].expected.holds_for(StreamVersion(live[n]->version));
        }
        accepted =
            accepted && !(has_refused && ports::rests_on_a_refused(batch, commit, outcomes_));
        has_refused = has_refused || !accepted;
        auto const& written = batch.commits()[commit];
        if (accepted && (!batch.events(commit).empty() || written.outcome)) {
            CommitPlace const place{number, frame.length, record.add(batch, commit, live)};
            note_postings(live, place);
            if (written.outcome)
                state_.outcomes.insert(written.header.command_id, place);
        }
        outcomes_.push_back({accepted, Position(state_.next_position - 1 + record.events())});
    }
    auto const length = record.finish(state_.clock.now());
    frame.length += length;
    frame.events += record.events();
    frame.appends += length > 0;
    frame.last_append = append;
    state_.next_position += record.events();
    state_.pending_bytes += length;
    state_.accepted_append.store(append, std::memory_order_release);
    return ports::AppendNumber(append);
}

void Intake::note_postings(std::span<LiveStream* const> live, CommitPlace const& place) {
    for (std::size_t n = 0; n < live.size(); ++n)
        if (live[n]->version > versions_[n])
            state_.postings.add(*live[n], versions_[n] + 1, place, state_.frames.begin());
}

Result<StreamVersion> Intake::head(StreamId const& stream) {
    std::unique_lock lock(state_.mutex);
    bool waited = false;
    KONTOR_TRY(auto const* const live, load_head(stream, lock, waited));
    return StreamVersion(live->version);
}

} // namespace kontor::journal
