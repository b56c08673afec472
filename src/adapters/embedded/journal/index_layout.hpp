#pragma once

/// The bytes of an index file, shared by those who write and read it.

#include <array>
#include <cstddef>
#include <cstdint>

namespace kontor::journal::index_layout {

inline constexpr std::array<std::uint8_t, 8> magic{'K', 'O', 'N', 'T', 'O', 'R', 'I', 'X'};
inline constexpr std::uint16_t version = 3;

/// Offsets in the first block. The checksum covers everything resident behind it.
enum Offset : std::size_t {
    at_magic = 0,
    at_checksum = 8,
    at_version = 24,
    at_lineage = 32,
    at_generation = 48,
    at_resident = 56,
    at_first_frame = 64,
    at_next_frame = 72,
    at_first_position = 80,
    at_next_position = 88,
    at_previous = 96,
    at_last = 112,
    at_newest_stream = 128,
    at_newest_command = 136,
    at_written = 144,
    at_end = 152,
    at_streams = 160,
    at_postings = 168,
    at_commands = 176,
    at_frames = 184,
    at_stream_filter = 192,
    at_command_filter = 200,
    at_content = 208,
};

/// Sizes of table entries: a stream is key, first and last version, first posting, and number of
/// postings with a bit for a stream that is at rest when the segment ends; a posting is version
/// less the first one of the stream, record, commit; a command is id, record, commit; a frame is
/// first position, offset, number of events.
inline constexpr std::uint32_t stream_bytes = 40;
inline constexpr std::uint32_t posting_bytes = 12;
inline constexpr std::uint32_t command_bytes = 24;
inline constexpr std::uint32_t frame_bytes = 16;

inline constexpr std::uint32_t at_rest_bit = 1U << 31;

/// The last eight bytes of a table block are the XXH3-64 of the rest.
inline constexpr std::size_t block_content_bytes = 4088;

} // namespace kontor::journal::index_layout
