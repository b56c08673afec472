#pragma once

/// Frame: what one synced write puts into a segment. A header of 128 bytes, a body, zeros up to the
/// next disk block. The grammar is docs/reference/journal-format.md.
///
/// Invariants: 1. The checksum covers the header behind it and the body; the padding lies outside.
///             2. `previous` is the checksum of the frame before, so a changed, lost or stale frame
///                breaks the chain.

#include "adapters/embedded/journal/bytes.hpp"

#include "base/instant.hpp"
#include "base/result.hpp"

#include <optional>

namespace kontor::journal {

/// Stored as its number: only ever added to.
enum class FrameKind : std::uint16_t {
    head = 1,    ///< the first of each segment: who wrote it and the names of event types
    records = 2, ///< appends
    confirm = 3, ///< nothing new: says that the frame before it was durable
    seal = 4,    ///< the store was closed
    open = 5     ///< in checkpoints only: commits that are still open
};

inline constexpr std::uint16_t format_version = 1;
inline constexpr std::uint32_t frame_header_bytes = 128;

struct FrameHeader {
    FrameKind kind;
    std::uint32_t length; ///< of the body
    Id128 lineage;
    std::uint64_t generation;     ///< of the segment
    std::uint64_t number;         ///< counts frames from 1; a head has the number of the next one
    std::uint64_t first_position; ///< of its first event, or of the next one to come
    std::uint32_t events;
    std::uint32_t appends;
    Hash128 previous;
    Instant written_at;
};

/// Bytes on disk, padding included.
constexpr std::uint64_t frame_blocks_bytes(std::uint32_t length) {
    return round_up(frame_header_bytes + std::uint64_t{length});
}

/// Fills header and padding around a body that stands at `frame + frame_header_bytes`; returns the
/// checksum.   Requires: room for frame_blocks_bytes(header.length).
Hash128 close_frame(std::uint8_t* frame, FrameHeader const& header);

/// Reads a header without its checksum. Empty: no frame begins here, or one that claims a length
/// beyond `room`.   Requires: a block of bytes.
std::optional<FrameHeader> peek_frame(std::uint8_t const* frame, std::uint64_t room);

/// Whether checksum and padding of a whole frame are as they were written.
bool is_frame_whole(std::uint8_t const* frame, FrameHeader const& header);
bool is_padding_zero(std::uint8_t const* frame, FrameHeader const& header);

Hash128 frame_checksum(std::uint8_t const* frame);

/// The length of the body, as the header says it.
std::uint32_t frame_body_bytes(std::uint8_t const* frame);

/// Whether a header, good or not, is of a frame that says where it comes from: its lineage,
/// generation and number, or its `previous`, are those that come next. One flipped bit does not
/// hide both.
bool seems_next(std::uint8_t const* frame, FrameHeader const& next);

/// What kind of frame a header, good or not, says that it is of.
FrameKind frame_kind(std::uint8_t const* frame);

/// The version a frame was written in. Every version keeps magic, checksum rule and this field.
std::uint16_t frame_version(std::uint8_t const* frame);

} // namespace kontor::journal
