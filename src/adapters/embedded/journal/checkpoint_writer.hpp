#pragma once

/// CheckpointWriter: makes the checkpoint at the end of the newest sealed segment, out of the
/// checkpoint before (none: the whole log) and what the indexes of the segments since say. It reads
/// the commits of open streams and no others.
///
/// Thread: one.

#include "adapters/embedded/journal/checkpoint.hpp"

namespace kontor::journal {

class CheckpointWriter {
public:
    CheckpointWriter(ports::Disk& disk, Cold& cold, SealedList const& sealed,
                     Checkpoint const* before);

    /// Leaves the file under its name, durable. False: there is none before it and no stream is at
    /// rest, so that it would be the log once more, and was not made.
    /// Errors:   corrupt, unavailable, broken.   Requires: sealed segments.
    Result<bool> write();

private:
    /// A commit in a segment.
    struct CommitRef {
        std::uint64_t generation;
        DiskPlace place;
    };
    /// What the segments since say of a stream.
    struct Touch {
        Hash128 key;
        std::uint64_t first_version;
        bool is_at_rest;
    };

    /// False: none is at rest.
    Result<bool> choose_streams();
    Result<void> find_commits();
    Result<void> write_commits();
    /// Writes the commits of `refs_` that stand before a position; one that stands there is passed.
    Result<void> write_up_to(std::uint64_t position);
    Result<void> load_next();
    Result<bool> has_open_stream(CommitView const& commit) const;
    bool is_open(Hash128 const& key) const;
    Result<void> add(CommitView const& commit);
    Result<void> close_frame();
    Result<void> finish();

    ports::Disk& disk_;
    Cold& cold_;
    SealedList const& sealed_;
    Checkpoint const* before_;
    SegmentFacts const facts_;
    std::vector<Hash128> open_;     ///< sorted
    std::vector<Hash128> reopened_; ///< open again: not in the checkpoint before, yet older than it
    std::vector<CommitRef> refs_;   ///< not in the checkpoint before, in the sequence of the log
    std::size_t next_ref_{0};
    std::optional<CommitView> next_; ///< of `refs_`
    Around around_;
    std::unique_ptr<ports::File> file_;
    std::uint64_t offset_{0};
    Blocks frame_;
    FrameHeader header_{}; ///< of the frame being filled
    std::vector<std::uint8_t> frames_;
};

} // namespace kontor::journal
