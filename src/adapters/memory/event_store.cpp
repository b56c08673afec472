#include "adapters/memory/event_store.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::memory {

using ports::Position;
using ports::StreamVersion;

std::span<std::uint8_t const> Arena::keep(std::span<std::uint8_t const> bytes) {
    if (bytes.empty())
        return {};
    if (bytes.size() > room_) {
        room_ = std::max(block_bytes, bytes.size());
        blocks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(room_));
        end_ = blocks_.back().get();
    }
    auto* const begin = end_;
    std::memcpy(begin, bytes.data(), bytes.size());
    end_ += bytes.size();
    room_ -= bytes.size();
    return {begin, bytes.size()};
}

EventStore::EventStore(Clock& clock) : clock_(clock), arena_(std::make_shared<Arena>()) {}

Result<ports::Appended> EventStore::append(ports::Batch const& batch) {
    std::lock_guard const lock(mutex_);
    auto const now = clock_.now();
    last_outcomes_.clear();
    bool has_refused = false;
    for (std::size_t commit = 0; commit < batch.commits().size(); ++commit) {
        bool const accepted =
            expectations_hold(batch, commit) &&
            !(has_refused && ports::rests_on_a_refused(batch, commit, last_outcomes_));
        has_refused = has_refused || !accepted;
        if (accepted)
            take(batch, commit, now);
        last_outcomes_.push_back({accepted, Position(events_.size())});
    }
    return ports::Appended{ports::AppendNumber(++appends_), last_outcomes_};
}

bool EventStore::expectations_hold(ports::Batch const& batch, std::size_t commit) {
    numbers_.clear();
    for (auto const& stream : batch.streams(commit)) {
        auto const found = stream_numbers_.find(stream.id);
        bool const is_known = found != stream_numbers_.end();
        auto const head = is_known ? streams_[found->second].positions.size() : 0;
        if (!stream.expected.holds_for(StreamVersion(head)))
            return false;
        numbers_.push_back(is_known ? found->second : no_number);
    }
    return true;
}

/// Requires: its expectations hold, and those of no other commit were looked at since.
void EventStore::take(ports::Batch const& batch, std::size_t commit, Instant now) {
    auto const& header = batch.commits()[commit];
    auto const streams = batch.streams(commit);
    auto const events = batch.events(commit);
    auto const number = static_cast<std::uint32_t>(commits_.size());
    if (!events.empty())
        commits_.push_back({header.header, now});
    std::uint32_t index = 0;
    for (auto const& event : events) {
        auto& stream = numbers_[event.stream];
        if (stream == no_number)
            stream = stream_number(streams[event.stream].id);
        auto& positions = streams_[stream].positions;
        events_.push_back({arena_->keep(batch.payload(event)), positions.size() + 1, stream, number,
                           index++, event.type});
        positions.push_back(events_.size());
    }
    auto const before = events_.size() - events.size();
    for (std::size_t i = 0; i < streams.size(); ++i) {
        if (numbers_[i] == no_number)
            continue;
        auto const last = streams_[numbers_[i]].positions.back();
        if (last > before)
            events_[last - 1].is_at_rest = streams[i].is_at_rest;
    }
    if (header.outcome)
        outcomes_.insert_or_assign(header.header.command_id, Remembered{*header.outcome, now});
}

std::uint32_t EventStore::stream_number(StreamId const& id) {
    constexpr std::size_t foreseen_events = 8;
    auto const [found, is_new] =
        stream_numbers_.try_emplace(id, static_cast<std::uint32_t>(streams_.size()));
    if (is_new) {
        streams_.push_back({id, {}});
        streams_.back().positions.reserve(foreseen_events);
    }
    return found->second;
}

std::uint64_t EventStore::head_of(StreamId const& id) const {
    auto const found = stream_numbers_.find(id);
    return found == stream_numbers_.end() ? 0 : streams_[found->second].positions.size();
}

ports::Durable EventStore::durable() const {
    std::lock_guard const lock(mutex_);
    return {ports::AppendNumber(appends_), Position(events_.size())};
}

Result<ports::EventPage> EventStore::read_stream(StreamId const& stream, StreamVersion from,
                                                 ports::Limit limit) {
    KONTOR_ASSERT(limit.value() > 0, "a read without a limit");
    std::lock_guard const lock(mutex_);
    ports::EventPage page;
    auto const found = stream_numbers_.find(stream);
    if (found == stream_numbers_.end())
        return page;
    auto const& positions = streams_[found->second].positions;
    std::optional<std::uint32_t> last_commit;
    for (auto at = std::max<std::uint64_t>(from.value(), 1);
         at <= positions.size() && page.events.size() < limit.value(); ++at)
        show(page, last_commit, positions[at - 1]);
    page.keeps.push_back(arena_);
    return page;
}

Result<ports::EventPage> EventStore::read_log(Position after, ports::Limit limit) {
    KONTOR_ASSERT(limit.value() > 0, "a read without a limit");
    std::lock_guard const lock(mutex_);
    ports::EventPage page;
    auto last = events_.size();
    if (after.value() >= last)
        return page;
    if (last - after.value() > limit.value()) {
        last = after.value() + limit.value();
        auto const cut_commit = events_[last].commit;
        auto whole = last;
        while (whole > after.value() && events_[whole - 1].commit == cut_commit)
            --whole;
        if (whole > after.value())
            last = whole;
    }
    page.events.reserve(last - after.value());
    page.commits.reserve(events_[last - 1].commit - events_[after.value()].commit + 1);
    std::optional<std::uint32_t> last_commit;
    for (auto position = after.value() + 1; position <= last; ++position)
        show(page, last_commit, position);
    page.keeps.push_back(arena_);
    return page;
}

bool EventStore::is_open(Stream const& stream, std::uint64_t at) const {
    auto const behind = std::ranges::upper_bound(stream.positions, at);
    return behind != stream.positions.begin() && !events_[*std::prev(behind) - 1].is_at_rest;
}

std::vector<bool> EventStore::open_commits(std::uint64_t at) const {
    std::vector<bool> open(commits_.size());
    for (auto const& stream : streams_)
        if (is_open(stream, at))
            for (auto const position : stream.positions)
                open[events_[position - 1].commit] = true;
    return open;
}

Result<ports::OpenPage> EventStore::read_open(Position up_to, Position after, ports::Limit limit) {
    KONTOR_ASSERT(limit.value() > 0, "a read without a limit");
    std::lock_guard const lock(mutex_);
    ports::OpenPage open;
    auto const end = up_to.value() == 0 ? events_.size() : up_to.value();
    open.up_to = Position(end);
    auto const commits = open_commits(end);
    std::optional<std::uint32_t> last_commit;
    for (auto position = after.value() + 1; position <= end; ++position) {
        auto const commit = events_[position - 1].commit;
        if (!commits[commit])
            continue;
        auto whole = position;
        while (whole < events_.size() && events_[whole].commit == commit)
            ++whole;
        auto const more = whole + 1 - position;
        auto const room = limit.value() - std::min(open.page.events.size(), limit.value());
        if (last_commit != commit && more > room && !open.page.empty())
            break;
        if (room == 0)
            break;
        show(open.page, last_commit, position);
    }
    open.page.keeps.push_back(arena_);
    return open;
}

void EventStore::show(ports::EventPage& page, std::optional<std::uint32_t>& last_commit,
                      std::uint64_t position) const {
    auto const& stored = events_[position - 1];
    if (last_commit != stored.commit)
        page.commits.push_back(commits_[stored.commit]);
    last_commit = stored.commit;
    page.events.push_back({Position(position), streams_[stored.stream].id,
                           StreamVersion(stored.version), stored.type, stored.index_in_command,
                           static_cast<std::uint32_t>(page.commits.size() - 1), stored.payload});
}

Result<StreamVersion> EventStore::head(StreamId const& stream) {
    std::lock_guard const lock(mutex_);
    return StreamVersion(head_of(stream));
}

Result<std::optional<ports::OutcomeRecord>> EventStore::find_outcome(CommandId command) {
    std::lock_guard const lock(mutex_);
    auto const found = outcomes_.find(command);
    bool const is_known =
        found != outcomes_.end() && found->second.since >= clock_.now() - ports::outcomes_kept;
    return is_known ? std::optional(found->second.record) : std::optional<ports::OutcomeRecord>{};
}

} // namespace kontor::memory
