#include "services/sheets/stock_sheet.hpp"

#include "services/sheets/csv_text.hpp"

#include <algorithm>
#include <array>

namespace kontor::services::sheets {
namespace {

constexpr std::array<std::string_view, 9> stock_columns{"sku",      "location",      "on_hand",
                                                        "safety",   "backorder_max", "low_at",
                                                        "reserved", "available",     "backordered"};
constexpr std::array<std::string_view, 2> stock_columns_needed{"sku", "location"};
constexpr std::int64_t units_max = 100 * Quantity::max;

std::optional<BadLine> read_stock_line(TableLine const& from, StockLine& to) {
    auto const bad = [&](std::string_view column, std::string what) {
        return BadLine{from.number(), std::string(column), std::move(what)};
    };
    to.line = from.number();
    auto const sku = Sku::parse(from.field("sku"));
    if (!sku)
        return bad("sku", sku.error().what);
    to.sku = *sku;
    auto const location = Location::parse(from.field("location"));
    if (!location)
        return bad("location", location.error().what);
    to.location = *location;
    for (auto const& [column, count] :
         {std::pair{"on_hand", &to.on_hand}, std::pair{"safety", &to.safety},
          std::pair{"backorder_max", &to.backorder_max}, std::pair{"low_at", &to.low_at}}) {
        if (from.field(column).empty())
            continue;
        auto const number = parse_whole(from.field(column));
        if (!number)
            return bad(column, number.error().what);
        if (*number > units_max)
            return bad(column, "at most " + std::to_string(units_max) + " is wanted");
        *count = Count(*number);
    }
    return std::nullopt;
}

} // namespace

Result<Sheet<StockLine>> read_stock(ports::ByteSource& source) {
    return read_sheet<StockLine>(source, stock_columns, stock_columns_needed, read_stock_line);
}

std::vector<stock::Command> wishes_of(stock::State const& state, StockLine const& line) {
    std::vector<stock::Command> wishes;
    auto const* const known = std::get_if<stock::Item>(&state);
    auto const item = known != nullptr ? *known : stock::Item{};
    if (line.on_hand && known == nullptr) {
        for (auto left = line.on_hand->value(); left > 0; left -= Quantity::max)
            wishes.emplace_back(stock::Receive{line.sku, line.location,
                                               Quantity::of(std::min(left, Quantity::max)),
                                               "opening stock"});
    } else if (line.on_hand && *line.on_hand != item.on_hand) {
        wishes.emplace_back(stock::CountShelf{line.sku, line.location, *line.on_hand, {}});
    }
    stock::SetPolicy const policy{line.sku, line.location, line.safety.value_or(item.safety),
                                  line.backorder_max.value_or(item.backorder_max),
                                  line.low_at.value_or(item.low_at)};
    if (policy.safety != item.safety || policy.backorder_max != item.backorder_max ||
        policy.low_at != item.low_at)
        wishes.emplace_back(policy);
    return wishes;
}

std::string stock_header() {
    std::string out;
    append_record(out, std::vector<std::string>(stock_columns.begin(), stock_columns.end()));
    return out;
}

StockFigures figures_of(stock::Item const& item) {
    return {item.on_hand.value(),    item.safety.value(),   item.backorder_max.value(),
            item.low_at.value(),     item.reserved.value(), item.available(),
            item.backordered.value()};
}

void append_stock(std::string& out, Sku const& sku, Location const& location,
                  StockFigures const& figures) {
    append_record(out, std::vector<std::string>{
                           std::string(sku.view()), std::string(location.view()),
                           std::to_string(figures.on_hand), std::to_string(figures.safety),
                           std::to_string(figures.backorder_max), std::to_string(figures.low_at),
                           std::to_string(figures.reserved), std::to_string(figures.available),
                           std::to_string(figures.backordered)});
}

} // namespace kontor::services::sheets
