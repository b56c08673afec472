#pragma once

/// Record: one append inside a frame, readable alone: a header with its own checksum, then commits.
/// A commit holds its header, its streams (each named at its first use in the record, then referred
/// to), its events and the outcome of its command. The grammar is docs/reference/journal-format.md.

#include "adapters/embedded/journal/bytes.hpp"
#include "adapters/embedded/journal/live.hpp"
#include "ports/batch.hpp"
#include "ports/event_page.hpp"

#include <boost/container/small_vector.hpp>

#include <optional>

namespace kontor::journal {

inline constexpr std::uint32_t record_header_bytes = 40;

struct RecordHeader {
    std::uint32_t length; ///< header included
    std::uint32_t commits;
    std::uint64_t first_position;
    Instant recorded_at;
    std::uint32_t events;
};

/// The most that the record of a batch can take.
std::uint64_t record_bytes_max(ports::Batch const& batch);

/// Encodes the accepted commits of one append.   Thread: the desk's.
class RecordWriter {
public:
    /// `begin` has room for record_bytes_max. `append` is the number of the append.
    RecordWriter(std::uint8_t* begin, std::uint64_t append, std::uint64_t first_position);

    /// Writes a commit whose streams stand as `live` says and moves their versions on. Returns its
    /// offset.   Requires: one live stream for each stream of the commit.
    std::uint32_t add(ports::Batch const& batch, std::size_t commit,
                      std::span<LiveStream* const> live);
    /// Closes the record.   Returns: its length; 0: no commit was added.
    std::uint32_t finish(Instant recorded_at);

    std::uint32_t events() const { return events_; }

private:
    void add_streams(ports::Batch const& batch, std::size_t commit,
                     std::span<LiveStream* const> live);
    void add_name(StreamId const& id);
    /// How many there are.
    std::uint16_t add_at_rest(std::span<ports::Batch::Stream const> streams);

    template <class T>
    void append_number(T value) {
        put(end_, value);
        end_ += sizeof value;
    }
    void append_bytes(Bytes bytes) {
        if (!bytes.empty())
            std::memcpy(end_, bytes.data(), bytes.size());
        end_ += bytes.size();
    }

    std::uint8_t* begin_;
    std::uint8_t* end_;
    std::uint64_t append_;
    std::uint64_t first_position_;
    std::uint32_t commits_{0};
    std::uint32_t events_{0};
};

/// Reads a record's header. Empty: too short, or of an impossible length.
std::optional<RecordHeader> read_record_header(Bytes bytes);
/// Requires: bytes of the record's length at least.
bool is_record_whole(Bytes bytes, RecordHeader const& header);

struct CommitStream {
    std::uint32_t name_at; ///< in the record
    std::uint64_t base;    ///< the stream's version before this commit
};

/// A commit in the bytes of its record. The record outlives it.
class CommitView {
public:
    /// Errors:   corrupt (the bytes are no commit).
    static Result<CommitView> read(Bytes record, std::uint32_t offset);

    std::uint32_t offset() const { return offset_; }
    std::uint32_t length() const { return length_; }
    std::uint32_t event_count() const { return events_; }
    std::uint64_t first_position() const { return first_position_; }
    CommandId command() const;
    ports::RecordedCommit header() const;
    bool has_outcome() const;
    std::span<CommitStream const> streams() const { return streams_; }

    /// Errors:   corrupt.
    Result<StreamId> name(CommitStream const& stream) const;
    struct Tally {
        std::uint32_t events;
        bool is_at_rest; ///< said so in this commit
    };
    using Tallies = boost::container::small_vector<Tally, 8>;
    /// What the commit holds of each stream.   Errors:   corrupt.
    Result<Tallies> tallies() const;
    /// The most that this commit takes as a record of its own.
    std::uint32_t alone_bytes_max() const;
    /// Writes it as a record of its own, with its names in place. Returns the length.
    std::uint32_t copy_alone(std::uint8_t* to) const;
    /// Errors:   corrupt.   Requires: has_outcome().
    Result<ports::OutcomeRecord> outcome() const;

    /// Shows its events after a position, `limit` in all on the page.   Errors:   corrupt.
    Result<void> show(ports::EventPage& page, std::uint64_t after, std::size_t limit) const;

private:
    struct EventAt {
        std::uint16_t stream;
        EventType type;
        Bytes payload;
    };
    /// Calls `see(event)` for each event.   Errors:   corrupt.
    template <class See>
    Result<std::uint32_t> walk(See const& see) const;
    /// Returns where it ends in the record.   Errors:   corrupt.
    Result<std::uint32_t> read_outcome(std::uint32_t at, ports::OutcomeRecord& record) const;

    Bytes record_;
    std::uint32_t offset_{0};
    std::uint32_t length_{0};
    std::uint32_t events_{0};
    std::uint64_t first_position_{0};
    std::uint16_t flags_{0};
    std::uint32_t events_at_{0}; ///< in the record
    boost::container::small_vector<CommitStream, 8> streams_;
};

/// The begin of a commit in the bytes of its record, or of more behind it.
struct CommitAt {
    Bytes record;
    std::uint32_t offset;
};

/// Shows the events of one stream in a commit, from a version on: `limit` in all on the page. Reads
/// each byte once, for this is what loading a stream costs.
/// Errors:   corrupt (no commit, or one that does not know the stream).
Result<void> show_stream(ports::EventPage& page, CommitAt const& commit, StreamId const& id,
                         std::uint64_t from, std::size_t limit);

/// Calls `see(commit)` for each commit of a record until it fails.   Errors:   corrupt, and those
/// of `see`.
template <class See>
Result<void> for_each_commit(Bytes record, RecordHeader const& header, See const& see) {
    std::uint32_t offset = record_header_bytes;
    for (std::uint32_t n = 0; n < header.commits; ++n) {
        KONTOR_TRY(auto const commit, CommitView::read(record, offset));
        KONTOR_TRY(see(commit));
        offset += commit.length();
    }
    return {};
}

/// Calls `see(record bytes, header, offset in the body)` for each record of a frame's body.
/// Errors:   corrupt, and those of `see`.
template <class See>
Result<void> for_each_record(Bytes body, See const& see) {
    for (std::uint32_t offset = 0; offset < body.size();) {
        auto const header = read_record_header(body.subspan(offset));
        if (!header)
            return unexpected(Failure{FailureKind::corrupt, "a frame holds a record of no form"});
        KONTOR_TRY(see(body.subspan(offset, header->length), *header, offset));
        offset += header->length;
    }
    return {};
}

/// Positions behind `after`, the last one `up_to`.
struct PositionRange {
    std::uint64_t after;
    std::uint64_t up_to;
};
/// Shows the events of a frame's body with positions in a range. False: the page is full.
/// Errors:   corrupt.
Result<bool> show_after(ports::EventPage& page, Bytes body, PositionRange range, std::size_t limit);

} // namespace kontor::journal
