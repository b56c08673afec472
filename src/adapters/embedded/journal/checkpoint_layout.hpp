#pragma once

/// The bytes of a checkpoint file, shared by those who write and read it: frames of kind `open`, a
/// table of where they begin, the keys of the open streams, and a last block that says what it is.

#include <array>
#include <cstddef>
#include <cstdint>

namespace kontor::journal::checkpoint_layout {

inline constexpr std::array<std::uint8_t, 8> magic{'K', 'O', 'N', 'T', 'O', 'R', 'C', 'K'};
inline constexpr std::uint16_t version = 1;

/// Offsets in the last block. The checksum covers the block behind it.
enum Offset : std::size_t {
    at_magic = 0,
    at_checksum = 8,
    at_version = 24,
    at_lineage = 32,
    at_generation = 48,
    at_up_to = 56,
    at_last = 64, ///< checksum of the log's frame at that position
    at_tables = 80,
    at_frames = 88,
    at_keys = 96,
    at_tables_checksum = 104,
};

/// A frame in the table: first position, offset.
inline constexpr std::size_t frame_bytes = 16;
inline constexpr std::size_t key_bytes = 16;

} // namespace kontor::journal::checkpoint_layout
