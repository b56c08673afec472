#pragma once

/// Batch: what one turn of the desk hands to the store: commits, each the outcome of one command,
/// all or nothing. Payloads are encoded straight into the batch's one buffer; a batch is cleared
/// and used again, so that a desk at work allocates nothing.

#include "ports/positions.hpp"

#include "domain/values/context.hpp"
#include "domain/values/stream_id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kontor::ports {

/// What a writer believes of a stream when it appends.
class ExpectedVersion {
public:
    enum class Kind : std::uint8_t { any, no_stream, stream_exists, exactly };

    static constexpr ExpectedVersion any() { return {Kind::any, {}}; }
    static constexpr ExpectedVersion no_stream() { return {Kind::no_stream, {}}; }
    static constexpr ExpectedVersion stream_exists() { return {Kind::stream_exists, {}}; }
    /// Exactly 0 is the same as no_stream.
    static constexpr ExpectedVersion exactly(StreamVersion version) {
        return {Kind::exactly, version};
    }

    constexpr Kind kind() const { return kind_; }
    /// Requires: kind() is exactly or no_stream.
    constexpr StreamVersion version() const { return version_; }
    /// Whether a stream that stands at `head` (0: no stream) is what the writer believed.
    constexpr bool holds_for(StreamVersion head) const {
        switch (kind_) {
        case Kind::any: return true;
        case Kind::no_stream: return head.value() == 0;
        case Kind::stream_exists: return head.value() > 0;
        case Kind::exactly: return head == version_;
        }
        KONTOR_UNREACHABLE();
    }

private:
    constexpr ExpectedVersion(Kind kind, StreamVersion version) : kind_(kind), version_(version) {}
    Kind kind_;
    StreamVersion version_;
};

/// What all events of a command share. Stored once for each commit; event ids follow from it
/// (domain/values/ids.hpp).
struct CommitHeader {
    CommandId command_id;
    Id128 correlation_id;
    Id128 causation_id;
    Instant occurred_at;
    Actor actor;
    friend bool operator==(CommitHeader const&, CommitHeader const&) = default;
};

/// What is remembered of a command that carried an idempotency key, in the append of its events:
/// enough to give the same answer again.
struct OutcomeRecord {
    std::array<std::uint8_t, 16> fingerprint; ///< of method, path and body
    std::uint16_t problem{0}; ///< 0: accepted; else the number of the rejection's problem code
    std::uint16_t status{0};  ///< as answered
    StreamId stream{};        ///< what the answer shows …
    StreamVersion version{};  ///< … at which version; of a rejection: its particulars, packed
    friend bool operator==(OutcomeRecord const&, OutcomeRecord const&) = default;
};

class Batch {
public:
    /// A frame of the journal holds one batch (PERFORMANCE section 7): at most 1 MiB of payload, or
    /// one commit alone.
    static constexpr std::size_t bytes_max = 1U << 20;

    struct Event {
        std::uint32_t stream; ///< index among the streams of the same commit
        EventType type;
        std::uint32_t begin; ///< in the buffer
        std::uint32_t end;
    };
    struct Stream {
        StreamId id;
        ExpectedVersion expected;
        bool is_at_rest{false};
    };
    struct Commit {
        CommitHeader header;
        std::uint32_t first_stream;
        std::uint32_t first_event;
        std::optional<OutcomeRecord> outcome;
    };

    // Writing, in this sequence: commit, its streams and events in any mixture, outcome; next
    // commit.
    void clear();
    void begin_commit(CommitHeader const& header);
    /// Names a stream that the current commit appends to, once each; returns its index in the
    /// commit.
    std::uint32_t add_stream(StreamId const& id, ExpectedVersion expected);
    /// The encoder appends an event's payload here, then add_event closes it.
    std::vector<std::uint8_t>& buffer() { return buffer_; }
    /// The payload is what was appended to the buffer since the last event. Events of a stream keep
    /// their sequence.
    void add_event(std::uint32_t stream, EventType type);
    void set_outcome(OutcomeRecord const& outcome);
    /// Says that with this commit nothing of a stream is open any more: no deadline, nobody who
    /// waits. It counts if the commit has events of it, until the next commit that has. Whoever
    /// starts leaves such streams out (EventStore::read_open); never said, nothing is left out.
    void set_at_rest(std::uint32_t stream);
    /// Drops the current commit, as if it had not begun.
    void abandon_commit();

    // Reading.
    bool empty() const { return commits_.empty(); }
    std::size_t bytes() const { return buffer_.size(); }
    std::size_t event_count() const { return events_.size(); }
    std::span<Commit const> commits() const { return commits_; }
    std::size_t stream_count() const { return streams_.size(); }
    std::span<Stream const> streams(std::size_t commit) const {
        auto const end =
            commit + 1 < commits_.size() ? commits_[commit + 1].first_stream : streams_.size();
        return {streams_.data() + commits_[commit].first_stream, streams_.data() + end};
    }
    std::span<Event const> events(std::size_t commit) const {
        auto const end =
            commit + 1 < commits_.size() ? commits_[commit + 1].first_event : events_.size();
        return {events_.data() + commits_[commit].first_event, events_.data() + end};
    }
    std::span<std::uint8_t const> payload(Event const& event) const {
        return std::span(buffer_).subspan(event.begin, event.end - event.begin);
    }

private:
    std::vector<std::uint8_t> buffer_;
    std::vector<Event> events_;
    std::vector<Stream> streams_;
    std::vector<Commit> commits_;
};

} // namespace kontor::ports
