#pragma once

/// How large the pieces of a read model's file are.   Source: PERFORMANCE section 1, F6.

#include <cstdint>

namespace kontor::sqlite {

inline constexpr std::int64_t page_bytes = 8 * 1024;
inline constexpr std::int64_t cache_kib = 64 * 1024;

/// Pages of the write-ahead log before they move into the file. Short, because the system writes
/// down what changed once in a while, and a short log is the same few blocks again and again.
inline constexpr std::int64_t checkpoint_pages = 1'000;

/// How long a statement waits for a lock before it answers `unavailable`.
inline constexpr int busy_ms_max = 5'000;

static_assert(checkpoint_pages * page_bytes <= 128 * 1024 * 1024,
              "a reader that was away must not wait for a long log");

} // namespace kontor::sqlite
