#pragma once

/// How much of a file the import takes. Each limit ends in a sentence that names it, never in a
/// machine without memory.

#include <cstddef>
#include <cstdint>

namespace kontor::online_retail {

/// A larger file is refused before it is read: the whole of Online Retail has 48 MB.
inline constexpr std::uint64_t file_bytes_max = std::uint64_t{1} << 30;
/// Rows of one file; a row keeps at most 48 bytes.
inline constexpr std::size_t rows_max = 4'000'000;
/// One line of the table, with every newline inside its quotes. The longest real one has 130.
inline constexpr std::size_t record_bytes_max = 16 * 1024;
inline constexpr std::size_t columns_max = 64;
/// Read from the source at a time.
inline constexpr std::size_t read_bytes = 256 * 1024;
static_assert(read_bytes >= 2 * record_bytes_max, "a record fits the buffer wherever it begins");

/// Different descriptions kept, as text. What comes after is counted for no title.
inline constexpr std::size_t texts_bytes_max = 64 << 20;
/// A title or a note; the rest is cut at the end of a character.
inline constexpr std::size_t text_bytes_max = 200;
inline constexpr std::size_t invoice_number_length_max = 20;

/// |price| of one unit, in pounds; the dearest real one is 38,970.
inline constexpr std::int64_t price_pounds_max = 10'000'000;
/// An order of the shop (DOMAIN section 2): what is larger is reported as out of range.
inline constexpr std::size_t order_lines_max = 1'500;
inline constexpr std::int64_t order_minor_max = 1'000'000'000'000;

/// A parcel, and one compound command on stock (DOMAIN section 1).
inline constexpr std::size_t parcel_skus_max = 40;
/// States of each aggregate that the import's own desk needs at hand: a day's orders and every SKU.
/// An older order that something comes back from is folded from the log again.
inline constexpr std::size_t desk_states_max = 4'096;

/// How often a store may answer `full` while nothing waits to become durable, until the import
/// gives up. Such an answer is as good as final, but a store may still be about to see that space
/// was freed.
inline constexpr std::size_t refused_in_a_row_max = 1'000;

/// Lines shown of each class and reason.
inline constexpr std::size_t samples_max = 5;

} // namespace kontor::online_retail
