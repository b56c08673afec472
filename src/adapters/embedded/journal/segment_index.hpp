#pragma once

/// SegmentIndex: where the commits of a sealed segment stand, by stream, by command and by
/// position. A file beside the segment, derived from it and made anew when it is missing or
/// damaged. Resident are only filters and the first key of each block; tables are read block by
/// block, each with its own checksum. The layout is at the end of docs/reference/journal-format.md.
///
/// Thread: any; it never changes.

#include "adapters/embedded/journal/filter.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include "domain/values/ids.hpp"
#include "domain/values/stream_id.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace kontor::journal {

/// What the chain was before and after a segment, and how new its ids are.
struct SegmentFacts {
    Id128 lineage;
    std::uint64_t generation{0};
    std::uint64_t first_frame{0};
    std::uint64_t next_frame{0};
    std::uint64_t first_position{0};
    std::uint64_t next_position{0};
    Hash128 previous{};             ///< checksum of the frame before the head
    Hash128 last{};                 ///< checksum of the last frame
    std::int64_t newest_stream{0};  ///< the latest time among ids that name streams, microseconds …
    std::int64_t newest_command{0}; ///< … and among commands with an outcome
    std::int64_t written_at{0};
    std::uint64_t end{0};     ///< offset behind the last frame
    std::uint64_t content{0}; ///< bytes of the frames behind the head, without their padding
};

/// Of the segment whose head says `start` and whose last frame ends at `end`, where `next` goes on.
/// What is known of ids is left open.
SegmentFacts facts_between(Chain const& start, Chain const& next, std::uint64_t end);

/// Whether a reader that passed all frames of a sealed segment has passed those that were there
/// when it was sealed.
/// Errors:   corrupt (a frame does not check; with its position and place).
Result<void> check_passed(SegmentFacts const& facts, Chain const& chain,
                          SegmentReader const& reader);

/// A commit in a segment.
struct DiskPlace {
    std::uint32_t record; ///< offset of its record in the file
    std::uint32_t commit; ///< offset in the record
};

struct DiskPosting {
    std::uint64_t first_version;
    DiskPlace place;
};

struct StreamEntry {
    std::uint64_t first_version;
    std::uint64_t last_version;
    std::uint32_t first_posting;
    std::uint32_t postings;
    bool is_at_rest; ///< when the segment ends
};

/// The key of a stream in indexes.
Hash128 stream_key(StreamId const& stream, Id128 lineage);

/// Asks filters for one stream. Costs a hash only if its id is not younger than what the filter is
/// of.   Thread: one.
class StreamProbe {
public:
    explicit StreamProbe(StreamId const& stream) : stream_(stream) {}
    template <class Asked>
    bool operator()(Asked const& asked) {
        if (stream_.has_id() && stream_.id().time().unix_microseconds() > asked.newest_stream())
            return false;
        return asked.may_hold_key(key(asked.lineage()));
    }
    Hash128 const& key(Id128 lineage) {
        if (!key_ || lineage != lineage_)
            key_ = stream_key(stream_, lineage);
        lineage_ = lineage;
        return *key_;
    }

private:
    StreamId const& stream_;
    std::optional<Hash128> key_;
    Id128 lineage_;
};

/// All streams of a segment and their postings, in memory.
class StreamTable {
public:
    std::uint64_t streams() const { return stream_count_; }
    Hash128 key(std::uint64_t stream) const;
    StreamEntry stream(std::uint64_t stream) const;
    DiskPlace place(std::uint64_t posting) const;

private:
    friend class SegmentIndex;
    std::uint64_t stream_count_{0};
    Blocks streams_;
    Blocks postings_;
};

class SegmentIndex {
public:
    /// Errors:   not_found, corrupt (to be built anew), unavailable.
    static Result<std::shared_ptr<SegmentIndex const>> load(ports::Disk& disk,
                                                            std::uint64_t generation);
    /// Reads the segment from `start` on, writes its index and loads it. It is the same
    /// whatever form the file has.
    /// Errors:   corrupt (the segment does not check), unavailable, broken.
    static Result<std::shared_ptr<SegmentIndex const>> build(ports::Disk& disk, SegmentFiles& files,
                                                             Chain const& start);

    SegmentFacts const& facts() const { return facts_; }
    /// What the head of this segment says.
    Chain start_chain() const;
    /// What the head of the segment after this one must say.
    Chain next_chain() const;

    Id128 lineage() const { return facts_.lineage; }
    std::int64_t newest_stream() const { return facts_.newest_stream; }
    std::int64_t written_at() const { return facts_.written_at; }
    bool may_hold(CommandId command) const;
    bool may_hold_key(Hash128 const& key) const { return stream_filter_.may_hold(key); }

    std::uint64_t stream_count() const { return streams_.count; }
    std::uint64_t command_count() const { return commands_.count; }
    /// Adds the keys of all streams and commands to filters.
    /// Errors:   unavailable, corrupt.
    Result<void> add_keys(ports::Disk& disk, Filter& streams, Filter& commands) const;

    /// Errors:   unavailable, corrupt.
    Result<std::optional<StreamEntry>> find_stream(ports::Disk& disk, Hash128 const& key) const;
    /// The postings that hold versions from `from` on, `limit` at most.
    /// Errors:   unavailable, corrupt.
    Result<std::vector<DiskPosting>> postings(ports::Disk& disk, StreamEntry const& entry,
                                              std::uint64_t from, std::size_t limit) const;
    /// Errors:   unavailable, corrupt.
    Result<StreamTable> stream_table(ports::Disk& disk) const;
    /// Errors:   unavailable, corrupt.
    Result<std::optional<DiskPlace>> find_command(ports::Disk& disk, CommandId command) const;
    /// The offset of the frame that holds a position.
    /// Errors:   unavailable, corrupt.   Requires: a position of this segment.
    Result<std::uint64_t> frame_of(ports::Disk& disk, std::uint64_t position) const;

    std::size_t resident_bytes() const;

private:
    friend class IndexBuilder;

    /// Entries of one size in blocks, sorted by the number at their begin.
    struct Table {
        std::uint64_t begin{0}; ///< offset in the file
        std::uint64_t count{0};
        std::uint32_t entry_bytes{0};
        std::vector<std::uint64_t> fences; ///< the first key of each block

        std::uint64_t a_block() const;
        std::uint64_t blocks() const { return (count + a_block() - 1) / a_block(); }
    };
    using Block = Blocks;

    void lay_out(std::uint64_t resident);
    /// Errors:   unavailable, corrupt (it is gone: to be built anew).
    Result<std::unique_ptr<ports::File>> open_file(ports::Disk& disk) const;
    /// Errors:   unavailable, corrupt.
    Result<Blocks> read_table(ports::File& file, Table const& table) const;
    Result<Block> read_block(ports::Disk& disk, Table const& table, std::uint64_t block) const;
    /// The entry with these sixteen bytes at its begin.
    Result<std::optional<std::vector<std::uint8_t>>> find(ports::Disk& disk, Table const& table,
                                                          Hash128 const& key) const;

    SegmentFacts facts_;
    Filter stream_filter_;
    Filter command_filter_;
    Table streams_;
    Table postings_;
    Table commands_;
    Table frames_;
};

} // namespace kontor::journal
