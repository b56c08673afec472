#pragma once

/// What the description of a row type says about its table. A row is a described struct with
///
///   static constexpr std::string_view table = "order_lines";
///   static constexpr std::size_t key_columns = 2;   // its first fields are its key
///
/// and default comparison. Its key, as a tuple, is what tables are asked with.

#include "platform/projections/cell_forms.hpp"

#include "base/describe.hpp"
#include "ports/rows.hpp"

#include <boost/mp11/algorithm.hpp>

#include <array>
#include <tuple>

namespace kontor::projections {

template <class Row>
concept TableRow = DescribedStruct<Row> && std::equality_comparable<Row> && requires {
    { Row::table } -> std::convertible_to<std::string_view>;
    requires Row::key_columns >= 1 && Row::key_columns <= 2;
};

template <TableRow Row>
inline constexpr std::size_t column_count = boost::mp11::mp_size<described_fields<Row>>::value;

template <TableRow Row, std::size_t Index>
inline constexpr auto field_pointer = boost::mp11::mp_at_c<described_fields<Row>, Index>::pointer;

template <TableRow Row>
auto key_of(Row const& row) {
    if constexpr (Row::key_columns == 1)
        return std::tuple(row.*field_pointer<Row, 0>);
    else
        return std::tuple(row.*field_pointer<Row, 0>, row.*field_pointer<Row, 1>);
}

template <TableRow Row>
using KeyOf = decltype(key_of(std::declval<Row const&>()));

template <TableRow Row>
Row with_key(KeyOf<Row> const& key) {
    Row row{};
    row.*field_pointer<Row, 0> = std::get<0>(key);
    if constexpr (Row::key_columns == 2)
        row.*field_pointer<Row, 1> = std::get<1>(key);
    return row;
}

struct KeyHash {
    template <class... Parts>
    std::size_t operator()(std::tuple<Parts...> const& key) const {
        return std::apply(
            [](auto const&... part) {
                std::size_t hash = 0;
                ((hash = hash * 0x9e3779b97f4a7c15ULL +
                         std::hash<std::decay_t<decltype(part)>>{}(part)),
                 ...);
                return hash;
            },
            key);
    }
};

template <TableRow Row>
ports::TableShape table_shape() {
    ports::TableShape shape{Row::table, {}, Row::key_columns};
    boost::mp11::mp_for_each<described_fields<Row>>([&](auto field) {
        using Value = std::decay_t<decltype(std::declval<Row const&>().*field.pointer)>;
        shape.columns.push_back({field.name, CellForm<Value>::kind});
    });
    return shape;
}

template <TableRow Row>
using RowCells = std::array<Cell, column_count<Row>>;

template <TableRow Row>
void write_row(Row const& row, TextArena& arena, RowCells<Row>& cells) {
    std::size_t at = 0;
    boost::mp11::mp_for_each<described_fields<Row>>([&](auto field) {
        using Value = std::decay_t<decltype(row.*field.pointer)>;
        cells[at++] = CellForm<Value>::cell(row.*field.pointer, arena);
    });
}

/// False: these cells are no such row.
template <TableRow Row>
bool read_row(std::span<Cell const> cells, Row& row) {
    if (cells.size() != column_count<Row>)
        return false;
    std::size_t at = 0;
    bool good = true;
    boost::mp11::mp_for_each<described_fields<Row>>([&](auto field) {
        using Value = std::decay_t<decltype(row.*field.pointer)>;
        good = good && CellForm<Value>::read(cells[at++], row.*field.pointer);
    });
    return good;
}

template <TableRow Row>
std::vector<Cell> key_cells(KeyOf<Row> const& key, TextArena& arena) {
    return std::apply(
        [&](auto const&... part) {
            return std::vector<Cell>{CellForm<std::decay_t<decltype(part)>>::cell(part, arena)...};
        },
        key);
}

} // namespace kontor::projections
