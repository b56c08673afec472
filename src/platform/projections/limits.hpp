#pragma once

/// How much a projection takes at once.   Source: PERFORMANCE section 7, "SQLite sees folds".

#include <cstddef>

namespace kontor::projections {

/// Events folded before their rows are written, at most: many events of a row become one write.
inline constexpr std::size_t events_per_commit_max = 32 * 1024;

/// Events read from the log at once.
inline constexpr std::size_t events_per_page_max = 4 * 1024;

/// Rows of one table that stay at hand after they were written. Beyond it only those of the last
/// commit stay; the others are read again when an event wants them.
inline constexpr std::size_t rows_at_hand_max = 64 * 1024;

/// A model that is this many events behind from the very beginning is built beside and swapped in,
/// without a sync until it is whole.
inline constexpr std::size_t events_built_beside_min = 100'000;

static_assert(events_per_page_max <= events_per_commit_max, "a commit holds whole pages");

} // namespace kontor::projections
