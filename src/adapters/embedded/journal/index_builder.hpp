#pragma once

/// IndexBuilder: collects what a segment's frames hold and writes it as an index file. The same
/// segment always gives the same bytes.   Thread: one.

#include "adapters/embedded/journal/record.hpp"
#include "adapters/embedded/journal/segment_index.hpp"

namespace kontor::journal {

class IndexBuilder {
public:
    explicit IndexBuilder(Id128 lineage) : lineage_(lineage) {}

    /// Where a frame begins in its segment and what it holds.
    struct FrameAt {
        std::uint64_t first_position;
        std::uint32_t offset;
        std::uint32_t events;
    };
    /// `body`: of a frame of records; empty for any other.
    /// Errors:   corrupt.
    Result<void> add(FrameAt const& frame, Bytes body);
    /// The whole file of the segment of which these are the facts.
    Blocks bytes(SegmentFacts facts);
    /// Writes the file under its name, durable.
    /// Errors:   broken.
    Result<void> write(ports::Disk& disk, SegmentFacts const& facts);

private:
    struct Touch {
        Hash128 key;
        std::uint64_t first_version;
        std::uint32_t events;
        bool is_at_rest;
        DiskPlace place;
    };
    struct Command {
        Hash128 id;
        DiskPlace place;
    };

    Result<void> add_commit(CommitView const& commit, std::uint32_t record);
    void sort();
    std::vector<std::uint8_t> stream_table(Filter& filter, std::vector<std::uint8_t>& postings);
    std::vector<std::uint8_t> command_table(Filter& filter);
    std::vector<std::uint8_t> frame_table() const;

    Id128 lineage_;
    std::vector<Touch> touches_;
    std::vector<Command> commands_;
    std::vector<FrameAt> frames_;
    std::uint64_t content_{0}; ///< bytes of all frames, without padding
    std::int64_t newest_stream_{0};
    std::int64_t newest_command_{0};
};

} // namespace kontor::journal
