#pragma once

/// The two readings of a file: the first makes the table, the second fetches the few descriptions
/// that the shop keeps, so that no row keeps its own.

#include "services/import/csv_reader.hpp"
#include "services/import/fields.hpp"
#include "services/import/table.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kontor::online_retail {

/// Errors: invalid (no table of invoices, more than `rows_max` rows, not one readable row, a file
/// that was cut off: its last line has no end, and is no row or names no country), and the
/// reader's. The sentence says what to do, the place is a line of the file.
Result<Table> read_table(CsvReader& reader, DateSequence dates = {});

/// A row as it was written, to show.
struct Sample {
    RowIndex row{none};
    std::uint64_t file_line{0};
    std::string text; ///< its fields, separated by commas
    std::string why;  ///< what is wrong with it; of malformed rows
};

struct Texts {
    TextTable texts;
    std::vector<std::optional<std::uint32_t>> title_of_sku; ///< index into `texts`; by SkuIndex
    std::vector<std::pair<RowIndex, std::uint32_t>> notes;  ///< of adjustments, ascending by row
    std::vector<Sample> samples;                            ///< of the wanted rows, ascending
};

/// Reads titles, notes and samples. The title of a SKU is the most frequent description of its
/// order lines, the first seen of equally frequent ones.
/// Requires: `table` is classified; `wanted` ascends.
/// Errors: invalid (the file is no longer the one that was read), and the reader's.
Result<Texts> read_texts(CsvReader& reader, Table const& table,
                         std::vector<RowIndex> const& wanted);

} // namespace kontor::online_retail
