#pragma once

/// Checkpoint: a file with what is still open at the end of a sealed segment: the commits with an
/// event of a stream that was not at rest there, oldest first, each a record of its own. Derived:
/// it can be thrown away, and is when anything about it does not fit; made anew it has the same
/// bytes. The layout is at the end of docs/reference/journal-format.md.
///
/// Thread: any; the file never changes, and may be removed while somebody reads it.
/// Invariants: 1. It names the lineage and the checksum of the log's frame at its position; one of
///                another history is refused.
///             2. Every byte of it is checked before it is believed.

#include "adapters/embedded/journal/cold.hpp"

#include <functional>

namespace kontor::journal {

/// "00000000000000000004.open": of what is open at the end of segment 4.
std::string checkpoint_name(std::uint64_t generation);
/// The generation in a checkpoint's file name; empty for any other name.
std::optional<std::uint64_t> checkpoint_generation(std::string_view name);
/// The lineage of the checkpoint of that generation, whether or not it fits the log; empty: the
/// file of its name is none.
std::optional<Id128> checkpoint_lineage(ports::Disk& disk, std::uint64_t generation);

class Checkpoint {
public:
    /// Opens the checkpoint at the end of a segment, of which these are the facts.
    /// Errors:   not_found, corrupt (also: of another history), unavailable.
    static Result<std::shared_ptr<Checkpoint const>> load(ports::Disk& disk,
                                                          SegmentFacts const& facts);

    std::uint64_t generation() const { return generation_; }
    std::uint64_t up_to() const { return up_to_; }
    std::uint64_t bytes() const { return file_->size(); }
    std::size_t frame_count() const { return frames_.size(); }

    /// Keys of the streams that are open, sorted as bytes.
    /// Errors:   corrupt, unavailable.
    Result<std::vector<Hash128>> open_streams() const;
    /// Shows the commits behind a position, as a page of the log.
    /// Errors:   corrupt, unavailable.
    Result<ports::EventPage> read(std::uint64_t after, std::size_t limit) const;

    /// A frame of commits, checked.
    struct Frame {
        Blocks memory;
        Bytes body;
    };
    /// Errors:   corrupt, unavailable.
    Result<std::shared_ptr<Frame const>> frame(std::size_t number) const;

private:
    struct FrameAt {
        std::uint64_t first_position;
        std::uint64_t offset;
    };
    Result<std::vector<std::uint8_t>> read_tables() const;
    Failure damaged(std::string_view what, std::uint64_t offset) const;

    std::unique_ptr<ports::File> file_;
    Id128 lineage_;
    std::uint64_t generation_{0};
    std::uint64_t up_to_{0};
    std::uint64_t tables_at_{0}; ///< where the frames end
    Hash128 tables_checksum_{};
    std::uint64_t keys_{0};
    std::vector<FrameAt> frames_;
    mutable std::mutex mutex_;
    mutable std::size_t last_number_{0};
    mutable std::shared_ptr<Frame const> last_; ///< pages follow each other
};

} // namespace kontor::journal
