#pragma once

/// The bytes of a squeezed segment's file, shared by those who write and read it: blocks, one
/// behind the other, then a table of them, then a last disk block that says where the table is. The
/// layout is in docs/reference/journal-format.md.

#include <array>
#include <cstddef>
#include <cstdint>

namespace kontor::journal::dense_layout {

inline constexpr std::array<std::uint8_t, 8> magic{'K', 'O', 'N', 'T', 'O', 'R', 'D', 'S'};
inline constexpr std::uint16_t version = 1;

/// Offsets in the last disk block. The checksum covers everything behind it.
enum Offset : std::size_t {
    at_magic = 0,
    at_checksum = 8,
    at_version = 24,
    at_form = 26,
    at_lineage = 32,
    at_generation = 48,
    at_segment_bytes = 56,
    at_end = 64,
    at_table = 72,
    at_blocks = 80,
    at_table_checksum = 88,
};

/// What a row of the table says of a block.
enum RowOffset : std::size_t {
    row_raw_offset = 0,
    row_bytes = 4,
    row_file_offset = 8,
    row_stored_bytes = 16,
    row_flags = 20,
    row_checksum = 24,
};
inline constexpr std::size_t row_bytes_each = 32;

inline constexpr std::uint32_t flag_compressed = 1;
inline constexpr std::uint32_t flag_inside_a_frame = 2;

/// So much of the frames is in a block at most: what reading one commit costs.
inline constexpr std::uint32_t block_bytes_max = 64U << 10;

} // namespace kontor::journal::dense_layout
