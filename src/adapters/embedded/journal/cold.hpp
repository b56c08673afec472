#pragma once

/// Cold: reads of what is not in memory: sealed segments through their indexes, and frames of
/// younger segments that left the window. Every byte is checked before it is believed. An index
/// that does not check is built anew, once.
///
/// Thread: any.

#include "adapters/embedded/journal/record.hpp"
#include "adapters/embedded/journal/state.hpp"

#include <mutex>

namespace kontor::journal {

/// Some frames of a segment, read in one go and checked.
struct Piece {
    struct FrameAt {
        std::uint64_t offset; ///< in the segment
        std::uint64_t first_position;
        std::uint32_t events;
        Bytes body;
    };
    std::uint64_t generation;
    Blocks memory;
    std::vector<FrameAt> frames; ///< with events only

    std::uint64_t first_position() const { return frames.front().first_position; }
    std::uint64_t next_position() const {
        return frames.back().first_position + frames.back().events;
    }
};

/// Bytes of a segment around a record, kept so that the next record may be found in them. A record
/// that many commits share is checked once.
struct Around {
    std::uint64_t generation{0};
    std::uint64_t from{0};
    std::uint64_t to{0};
    std::uint64_t checked_at{0}; ///< the record that was checked last …
    std::uint64_t checked_to{0}; ///< … and its end; 0: none
    std::shared_ptr<Blocks> memory;
    std::shared_ptr<SegmentFile const> file{};
};

class Cold {
public:
    explicit Cold(State& state) : state_(state) {}

    /// Whether any sealed segment may hold a stream; costs no disk access.
    bool may_hold(SealedList const& sealed, StreamId const& stream) const;
    /// The version of a stream's last event in sealed segments; 0: none.
    /// Errors:   unavailable, corrupt.
    Result<std::uint64_t> head(SealedList const& sealed, StreamId const& stream);
    /// Shows events of a stream in sealed segments from a version on.
    /// Errors:   unavailable, corrupt.
    Result<void> show_stream(ports::EventPage& page, SealedList const& sealed,
                             StreamId const& stream, std::uint64_t from, std::size_t limit);
    /// Errors:   unavailable, corrupt.
    Result<std::optional<ports::OutcomeRecord>> find_outcome(SealedList const& sealed,
                                                             CommandId command);

    /// Errors:   unavailable, corrupt.
    Result<StreamTable> stream_table(std::shared_ptr<SegmentIndex const> const& index);
    /// All commits of a stream in one segment.
    /// Errors:   unavailable, corrupt.
    Result<std::vector<DiskPosting>> postings(std::shared_ptr<SegmentIndex const> const& index,
                                              Hash128 const& key);

    /// Frames from the one that holds a position of a sealed segment on.
    /// Errors:   unavailable, corrupt.
    Result<std::shared_ptr<Piece const>> piece_of(SealedList const& sealed, std::uint64_t position);
    /// Frames from the one at a place on; it holds `position`.
    /// Errors:   unavailable, corrupt.
    Result<std::shared_ptr<Piece const>> piece_at(std::uint64_t generation, std::uint64_t offset,
                                                  std::uint64_t position);

    /// The record at a place, whole; keeps what it read in `around`.
    /// Errors:   unavailable, corrupt.
    Result<Bytes> record(std::uint64_t generation, std::uint32_t offset, Around& around);

private:
    using Index = std::shared_ptr<SegmentIndex const>;
    /// Calls `ask(index)`; if the index does not check, builds it anew and asks again.
    template <class Ask>
    auto asked(Index const& index, Ask const& ask) -> decltype(ask(*index));
    Result<Index> rebuild(Index const& damaged);
    std::shared_ptr<Piece const> kept_piece(std::uint64_t position);
    Result<void> show_segment(ports::EventPage& page, Index const& index, StreamId const& stream,
                              std::size_t limit, std::uint64_t from);

    State& state_;
    std::mutex rebuilding_;
    std::mutex pieces_mutex_;
    std::vector<std::shared_ptr<Piece const>> pieces_; ///< the last few, newest last
};

} // namespace kontor::journal
