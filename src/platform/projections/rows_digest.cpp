#include "platform/projections/rows_digest.hpp"

namespace kontor::projections {

using ports::Cell;
using ports::CellKind;

void RowsDigest::keep_key(std::span<Cell const> row) {
    last_key_.clear();
    for (auto const& cell : row.first(shape_.tables[table_].key_columns)) {
        bool const is_number = cell.kind() == CellKind::integer;
        last_key_.push_back({cell.kind(), is_number ? cell.number() : 0,
                             is_number ? std::string() : std::string(cell.characters())});
    }
}

std::vector<Cell> RowsDigest::last_key() const {
    std::vector<Cell> cells;
    for (auto const& kept : last_key_)
        cells.push_back(kept.kind == CellKind::integer ? Cell::integer(kept.number)
                        : kept.kind == CellKind::text  ? Cell::text(kept.characters)
                                                       : Cell::bytes(kept.characters));
    return cells;
}

Result<std::size_t> RowsDigest::step(ports::RowReader& reader, ports::Limit limit) {
    std::size_t rows = 0;
    while (!is_done() && rows < limit.value()) {
        auto const after = last_key();
        auto const wanted = limit.value() - rows;
        std::size_t found = 0;
        bool is_damaged = false;
        KONTOR_TRY(reader.scan({.table = table_, .after = after, .limit = ports::Limit(wanted)},
                               [&](std::span<Cell const> row) {
                                   for (auto const& cell :
                                        row.first(shape_.tables[table_].key_columns))
                                       is_damaged = is_damaged || cell.is_null();
                                   if (is_damaged)
                                       return false;
                                   digest_ += hasher_(table_, row);
                                   if (++found == wanted)
                                       keep_key(row);
                                   return true;
                               }));
        if (is_damaged)
            return unexpected(Failure{FailureKind::corrupt, "a row of a read model has no key",
                                      std::string(shape_.tables[table_].name)});
        rows += found;
        if (found < wanted) {
            ++table_;
            last_key_.clear();
        }
    }
    return rows;
}

} // namespace kontor::projections
