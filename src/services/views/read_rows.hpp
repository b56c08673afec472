#pragma once

/// Rows of one type out of a reader.   Thread: the reader's.

#include "platform/projections/row_shape.hpp"

#include "ports/read_models.hpp"

#include <optional>

namespace kontor::services::views {

inline Failure damaged(std::string_view table) {
    return {FailureKind::corrupt, "a row of a read model cannot be read; rebuild the projection",
            std::string(table)};
}

/// Empty: there is no such row.   Errors: unavailable, corrupt.
template <class Row>
Result<std::optional<Row>> find_row(ports::RowReader& reader, std::size_t table,
                                    projections::KeyOf<Row> const& key) {
    projections::TextArena arena;
    auto const cells = projections::key_cells<Row>(key, arena);
    Row row{};
    bool is_good = true;
    KONTOR_TRY(bool const found, reader.find(table, cells, [&](std::span<ports::Cell const> shown) {
        is_good = projections::read_row(shown, row);
        return true;
    }));
    if (!is_good)
        return unexpected(damaged(Row::table));
    return found ? std::optional<Row>(std::move(row)) : std::nullopt;
}

/// Where a scan of rows begins and ends.
template <class Row>
struct RowScan {
    std::size_t table;
    std::vector<ports::Cell> prefix{};
    std::optional<projections::KeyOf<Row>> after{};
    ports::Direction direction{ports::Direction::ascending};
    ports::Limit limit{1'000'000'000};
};

/// Shows rows until `visit(Row&&)` answers false.   Errors: unavailable, corrupt.
template <class Row, class Visitor>
Result<void> scan_rows(ports::RowReader& reader, RowScan<Row> const& scan, Visitor&& visit) {
    projections::TextArena arena;
    std::vector<ports::Cell> after;
    if (scan.after)
        after = projections::key_cells<Row>(*scan.after, arena);
    bool is_good = true;
    KONTOR_TRY(reader.scan({scan.table, scan.prefix, after, scan.direction, scan.limit},
                           [&](std::span<ports::Cell const> cells) {
                               Row row{};
                               is_good = projections::read_row(cells, row);
                               return is_good && visit(std::move(row));
                           }));
    if (!is_good)
        return unexpected(damaged(Row::table));
    return {};
}

/// All rows whose key begins with this.   Errors: unavailable, corrupt.
template <class Row, class First>
Result<std::vector<Row>> rows_below(ports::RowReader& reader, std::size_t table,
                                    First const& first) {
    projections::TextArena arena;
    std::vector<Row> rows;
    RowScan<Row> const scan{.table = table,
                            .prefix = {projections::CellForm<First>::cell(first, arena)}};
    KONTOR_TRY(scan_rows(reader, scan, [&](Row&& row) {
        rows.push_back(std::move(row));
        return true;
    }));
    return rows;
}

} // namespace kontor::services::views
