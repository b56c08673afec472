#pragma once

/// EventPage: events as they were recorded, with the bytes they need. A page keeps its bytes alive;
/// its spans die with it.

#include "ports/batch.hpp"
#include "ports/positions.hpp"

#include <memory>
#include <span>
#include <vector>

namespace kontor::ports {

struct RecordedEvent {
    Position position;
    StreamId stream;
    StreamVersion version;
    EventType type;
    std::uint32_t index_in_command; ///< gives the event's id
    std::uint32_t commit;           ///< index into the page's commits
    std::span<std::uint8_t const> payload;
};

struct RecordedCommit {
    CommitHeader header;
    Instant recorded_at;
};

class EventPage {
public:
    std::vector<RecordedEvent> events;
    std::vector<RecordedCommit> commits;
    /// Whatever the payload spans point into: immutable frames of the ring, or buffers read from
    /// disk.
    std::vector<std::shared_ptr<void const>> keeps;

    bool empty() const { return events.empty(); }
    RecordedCommit const& commit_of(RecordedEvent const& event) const {
        return commits[event.commit];
    }
    EventId id_of(RecordedEvent const& event) const {
        return event_id(commit_of(event).header.command_id, event.index_in_command);
    }
};

} // namespace kontor::ports
