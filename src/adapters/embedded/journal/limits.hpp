#pragma once

/// Every limit of the journal, with what happens there.

#include "base/instant.hpp"

#include <cstddef>
#include <cstdint>

namespace kontor::journal {

/// Sizes that a program may choose; tests choose small ones. Units: bytes.
struct Limits {
    /// A segment is a file of this size. A commit that fits in none is `invalid`.
    std::uint32_t segment_bytes{64U << 20};
    /// A frame takes appends up to here, or one larger append alone; then the next frame begins.
    std::uint32_t frame_bytes_max{1U << 20};
    /// Frames kept in memory for the followers, oldest dropped first.
    std::uint64_t window_bytes{64U << 20};
    /// Frames share memory in pieces of this size; a larger frame has one alone.
    std::uint32_t chunk_bytes{4U << 20};
    /// Accepted and not yet durable; beyond it append answers `full`.
    std::uint64_t pending_bytes_max{16U << 20};
    /// Streams whose head is kept in memory; beyond it the ones untouched longest are looked up in
    /// the segment indexes.
    std::size_t live_streams_max{1U << 20};
    /// Sealed segments that may wait for their index; beyond it the writer builds it itself.
    std::size_t unindexed_max{4};
    /// Files filled with zeros that wait to become segments.
    std::size_t spares{2};
    /// Files whose space is taken and that are used only when the disk has no other.
    std::size_t reserves{2};
    /// A checkpoint is made when so much of the log was sealed since the last one, or as much as
    /// that one is long, whatever is more.
    std::uint64_t checkpoint_after{256U << 20};
    /// A sealed segment is squeezed at once when so much of its file is padding …
    std::uint32_t padding_percent_max{25};
    /// … and squeezed and compressed when its last frame is as old as this.
    Duration cold_after{Duration::days(90)};
    /// With less free space than this, or a share of the disk, room is scarce …
    std::uint64_t free_bytes_scarce{std::uint64_t{2} << 30};
    std::uint32_t free_percent_scarce{15};
    /// … and with less than this, or with nothing left to become a segment, it is the last.
    std::uint64_t free_bytes_min{512U << 20};
    std::uint32_t free_percent_min{5};
};

/// Pieces in which files are pre-written and read.
inline constexpr std::uint32_t piece_bytes = 1U << 20;
/// So much of a file upkeep pre-writes, squeezes or reads again before anything else gets a turn.
inline constexpr std::uint64_t step_bytes = 1U << 20;

/// From the beginning of one reading of all that is sealed to that of the next.
inline constexpr Duration scrub_every = Duration::days(7);
/// Of segments that did not check so many are named. Others are read all the same.
inline constexpr std::size_t rotten_noted_max = 100;

} // namespace kontor::journal
