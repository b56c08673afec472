#pragma once

/// Reader: pages of streams and of the log, from memory where the frames are there, else from disk.
///
/// Thread: any. Holds the mutex only to note which frames it needs and to keep them alive.

#include "adapters/embedded/journal/checkpoint.hpp"
#include "ports/event_store.hpp"

namespace kontor::journal {

class Reader {
public:
    Reader(State& state, Cold& cold) : state_(state), cold_(cold) {}

    /// Errors:   unavailable, corrupt.
    Result<ports::EventPage> read_stream(StreamId const& stream, std::uint64_t from,
                                         std::size_t limit);
    /// Errors:   unavailable, corrupt.
    Result<ports::EventPage> read_log(std::uint64_t after, std::size_t limit);
    /// Errors:   conflict, unavailable.
    Result<ports::OpenPage> read_open(std::uint64_t up_to, std::uint64_t after, std::size_t limit);
    /// Errors:   unavailable, corrupt.
    Result<std::optional<ports::OutcomeRecord>> find_outcome(CommandId command);

private:
    /// Where a commit's record is: in memory, or at a place on disk.
    struct RecordAt {
        Bytes onwards; ///< from the record on; empty: on disk
        std::uint64_t generation;
        std::uint32_t offset; ///< in the segment
        std::uint32_t commit; ///< offset in the record
    };
    struct Plan {
        SmallVector<RecordAt, 64> newest_first;
        std::shared_ptr<Pins> pins; ///< of the chunks that these are in
        std::uint64_t memory_from;  ///< the first version that they hold
        std::uint64_t agings;
        bool is_live;
        std::shared_ptr<SealedList const> sealed;
    };
    Plan plan_stream(StreamId const& stream, std::uint64_t from, std::size_t limit);
    /// Requires: the mutex.
    RecordAt locate(Pins& pins, CommitPlace const& place);
    /// The bytes from the record on.
    Result<Bytes> record_at(RecordAt const& at, ports::EventPage& page, Around& around);
    void remember(StreamId const& stream, Plan const& plan, std::uint64_t version);

    State& state_;
    Cold& cold_;
};

} // namespace kontor::journal
