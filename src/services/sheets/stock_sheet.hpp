#pragma once

/// Stock as a table: a line for each SKU and location. What comes in is a count of the shelf, and
/// the rules under which it is promised.   Pure, but for the source that is read.

#include "services/sheets/table.hpp"

#include "domain/stock/stock.hpp"

#include <optional>
#include <vector>

namespace kontor::services::sheets {

/// What a line says of a stock item. A column that is not in the file says nothing.
struct StockLine {
    std::uint64_t line;
    Sku sku;
    Location location;
    std::optional<Count> on_hand{};
    std::optional<Count> safety{};
    std::optional<Count> backorder_max{};
    std::optional<Count> low_at{};
};

/// Errors: invalid (the header row), and what the source says.
Result<Sheet<StockLine>> read_stock(ports::ByteSource& source);

/// What has to be asked so that the item is as the line says; nothing where it is so already. Units
/// of an item that nobody knows yet are received, others are counted.
std::vector<stock::Command> wishes_of(stock::State const& state, StockLine const& line);

/// What a line that goes out says.   Units: pieces.
struct StockFigures {
    std::int64_t on_hand;
    std::int64_t safety;
    std::int64_t backorder_max;
    std::int64_t low_at;
    std::int64_t reserved;  ///< this and what follows is not read in
    std::int64_t available; ///< negative: more was promised than is there
    std::int64_t backordered;
};

StockFigures figures_of(stock::Item const& item);

/// The header row.
std::string stock_header();
void append_stock(std::string& out, Sku const& sku, Location const& location,
                  StockFigures const& figures);

} // namespace kontor::services::sheets
