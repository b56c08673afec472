#pragma once

/// F6: what a row costs in SQLite without us: prepared statements, 10,000 rows a transaction,
/// write-ahead log, `synchronous=NORMAL`, pages of 8 KiB, 64 MiB of cache.
/// Source: PERFORMANCE section 1.

#include <string>

namespace kontor::bench {

/// Microseconds a row.
struct RowFloor {
    double insert_by_id;       ///< 16 bytes that grow with time, no rowid
    double append_by_position; ///< one integer, the next each time
    double update_recent;      ///< among the last 10,000 rows
    double update_anywhere;    ///< among 600,000 rows
};

/// `checkpoint_pages`: how long the write-ahead log grows before it moves into the file.
RowFloor measure_row_floor(std::string const& directory, int checkpoint_pages);

} // namespace kontor::bench
