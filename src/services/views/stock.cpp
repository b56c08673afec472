#include "services/views/goods.hpp"

#include "domain/stock/events.hpp"

namespace kontor::services::views {
namespace {

/// "main.85123A" → SKU and location. Stream names are ours: they parse.
std::tuple<Sku, Location> item_of(StreamId const& stream) {
    auto const key = stream.key();
    auto const dot = key.find('.');
    KONTOR_ASSERT(dot != std::string_view::npos, "a stock stream named {}", key);
    return {*Sku::parse(key.substr(dot + 1)), *Location::parse(key.substr(0, dot))};
}

/// What a fact changes, fills of backorders included: they are reserved now.
struct Moves {
    std::int64_t on_hand{0};
    std::int64_t reserved{0};
    std::int64_t backordered{0};
};

std::int64_t filled(stock::Fills const& fills) {
    std::int64_t units = 0;
    for (auto const& fill : fills)
        units += fill.quantity.value();
    return units;
}

template <class Fact>
StockItemRow& moved_stock(StockTables& rows, Recorded<Fact> const& it) {
    auto const key = item_of(it.stream);
    auto& row = it.version == 1 ? rows.items.add(projections::with_key<StockItemRow>(key))
                                : rows.items.put(key);
    stamp(row, it);
    return row;
}

void derive(StockItemRow& row) {
    row.available = row.on_hand - row.reserved - row.safety;
}

template <class Fact>
void move(StockTables& rows, Recorded<Fact> const& it, Moves moves, std::int64_t fills = 0) {
    auto& row = moved_stock(rows, it);
    row.on_hand += moves.on_hand;
    row.reserved += moves.reserved + fills;
    row.backordered += moves.backordered - fills;
    derive(row);
}

} // namespace

void project(StockTables& rows, Recorded<stock::Received> const& it) {
    move(rows, it, {.on_hand = it.event.quantity.value()}, filled(it.event.fills));
}

void project(StockTables& rows, Recorded<stock::Adjusted> const& it) {
    move(rows, it, {.on_hand = it.event.delta.value()}, filled(it.event.fills));
}

void project(StockTables& rows, Recorded<stock::RanLow> const& it) {
    moved_stock(rows, it);
}

void project(StockTables& rows, Recorded<stock::PolicySet> const& it) {
    auto& row = moved_stock(rows, it);
    row.safety = it.event.safety.value();
    row.backorder_max = it.event.backorder_max.value();
    row.low_at = it.event.low_at.value();
    derive(row);
}

void project(StockTables& rows, Recorded<stock::Reserved> const& it) {
    move(rows, it,
         {.reserved = it.event.reserved.value(), .backordered = it.event.backordered.value()});
}

void project(StockTables& rows, Recorded<stock::Released> const& it) {
    move(rows, it,
         {.reserved = -it.event.reserved.value(), .backordered = -it.event.backordered.value()},
         filled(it.event.fills));
}

void project(StockTables& rows, Recorded<stock::Issued> const& it) {
    auto const units = it.event.quantity.value();
    move(rows, it, {.on_hand = -units, .reserved = -units});
}

void project(StockTables& rows, Recorded<stock::Restocked> const& it) {
    bool const on_the_shelf = it.event.condition == ItemCondition::restock;
    move(rows, it, {.on_hand = on_the_shelf ? it.event.quantity.value() : 0},
         filled(it.event.fills));
}

void project(StockTables& rows, Recorded<stock::BackordersFilled> const& it) {
    move(rows, it, {}, filled(it.event.fills));
}

Stock::Stock(std::size_t at_hand_max)
    : rows_(at_hand_max), tables_{&rows_.items},
      shape_(projections::model_shape(name, version, tables_)) {}

Result<void> Stock::project(ports::RecordedEvent const& event,
                            ports::RecordedCommit const& commit) {
    if (event.stream.category() != StreamCategory::stock)
        return {};
    return projections::project_fact<stock::Event>(rows_, event, commit);
}

} // namespace kontor::services::views
