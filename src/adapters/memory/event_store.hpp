#pragma once

/// memory::EventStore: the log in RAM, the reference that other stores are compared with. What it
/// accepts is durable at once, and gone with the process.
///
/// Thread: as the port says; a mutex guards it all.
/// Invariants: 1. Payload bytes never move: pages point into them and share their ownership.

#include "ports/event_store.hpp"

#include "base/clock.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace kontor::memory {

/// Bytes in blocks that are only ever added to.
class Arena {
public:
    std::span<std::uint8_t const> keep(std::span<std::uint8_t const> bytes);

private:
    static constexpr std::size_t block_bytes = 1U << 20;
    std::vector<std::unique_ptr<std::uint8_t[]>> blocks_;
    std::size_t room_{0};
    std::uint8_t* end_{nullptr};
};

class EventStore final : public ports::EventStore {
public:
    /// The clock stamps what is recorded; it outlives the store.
    explicit EventStore(Clock& clock);

    Result<ports::Appended> append(ports::Batch const& batch) override;
    ports::Durable durable() const override;
    Result<ports::EventPage> read_stream(StreamId const& stream, ports::StreamVersion from,
                                         ports::Limit limit) override;
    Result<ports::EventPage> read_log(ports::Position after, ports::Limit limit) override;
    /// Up to the end of the log.
    Result<ports::OpenPage> read_open(ports::Position up_to, ports::Position after,
                                      ports::Limit limit) override;
    Result<ports::StreamVersion> head(StreamId const& stream) override;
    Result<std::optional<ports::OutcomeRecord>> find_outcome(CommandId command) override;

private:
    struct Stored {
        std::span<std::uint8_t const> payload;
        std::uint64_t version;
        std::uint32_t stream; ///< index into streams_
        std::uint32_t commit; ///< index into commits_
        std::uint32_t index_in_command;
        ports::EventType type;
        bool is_at_rest{false}; ///< its stream, behind this event and until the next one
    };
    struct Stream {
        StreamId id;
        std::vector<std::uint64_t> positions; ///< of its events, by version
    };
    using StreamNumbers = std::unordered_map<StreamId, std::uint32_t>;

    bool expectations_hold(ports::Batch const& batch, std::size_t commit);
    void take(ports::Batch const& batch, std::size_t commit, Instant now);
    std::uint32_t stream_number(StreamId const& id);
    std::uint64_t head_of(StreamId const& id) const;
    bool is_open(Stream const& stream, std::uint64_t at) const;
    /// The commits with an open stream, by number.
    std::vector<bool> open_commits(std::uint64_t at) const;
    void show(ports::EventPage& page, std::optional<std::uint32_t>& last_commit,
              std::uint64_t position) const;

    Clock& clock_;
    mutable std::mutex mutex_;
    std::shared_ptr<Arena> arena_;
    std::vector<Stored> events_; ///< position p stands at p - 1
    std::vector<ports::RecordedCommit> commits_;
    std::vector<Stream> streams_;
    StreamNumbers stream_numbers_;
    static constexpr std::uint32_t no_number = ~std::uint32_t{0};
    /// Of the streams of the commit that is judged and taken: each is looked for once.
    std::vector<std::uint32_t> numbers_;
    struct Remembered {
        ports::OutcomeRecord record;
        Instant since;
    };
    std::unordered_map<CommandId, Remembered> outcomes_;
    std::vector<ports::CommitOutcome> last_outcomes_;
    std::uint64_t appends_{0};
};

} // namespace kontor::memory
