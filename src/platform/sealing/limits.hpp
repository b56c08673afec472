#pragma once

/// The limits of sealing, in one place, with what happens at each.

#include <cstddef>

namespace kontor::sealing {

/// Keys kept ahead of need. At half of it the follower makes more, off every command's path; where
/// none is left, whoever seals makes a block and waits for the disk.
inline constexpr std::size_t keys_ahead_max = 4096;
inline constexpr std::size_t keys_block = 1024;

/// Owners that are not written down yet. At the limit whoever seals writes them and waits for the
/// disk.
inline constexpr std::size_t unwritten_owners_max = 65'536;

/// Open keys, and owners, kept in memory. Those go that were not used for longest; they are read
/// again.
inline constexpr std::size_t open_keys_max = 16'384;
inline constexpr std::size_t known_owners_max = 32'768;

static_assert(keys_block <= keys_ahead_max / 2, "a block fits where there is room for one");

} // namespace kontor::sealing
