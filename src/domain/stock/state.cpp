#include "domain/stock/state.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::stock {

namespace {

Item& opened(State& state) {
    if (std::holds_alternative<Nothing>(state))
        state.emplace<Item>();
    return *std::get_if<Item>(&state);
}

Item& known(State& state) {
    auto* const item = std::get_if<Item>(&state);
    KONTOR_ASSERT(item != nullptr, "a fact about a stock item that nobody has seen");
    return *item;
}

void check_bounds(Item const& item) {
    KONTOR_ASSERT(item.reserved <= item.on_hand, "{} reserved of {}", item.reserved.value(),
                  item.on_hand.value());
    KONTOR_ASSERT(item.backordered <= item.backorder_max, "{} backordered of at most {}",
                  item.backordered.value(), item.backorder_max.value());
}

// Replaces what is owed to one reservation, and keeps the sums and the queue in step with it.
void owe(Item& item, Promise const& now) {
    auto const* const found = item.open.find(now.reservation_id);
    auto const before = found != nullptr ? *found : Promise{now.reservation_id, {}, {}};
    item.reserved = item.reserved - before.reserved + now.reserved;
    item.backordered = item.backordered - before.backordered + now.backordered;
    item.open.set(now);
    bool const waited = before.backordered.value() > 0;
    bool const waits = now.backordered.value() > 0;
    if (waits && !waited)
        item.backorders.join(now.reservation_id);
    if (waited && !waits)
        item.backorders.leave(now.reservation_id);
    if (now.units().value() == 0 && !item.part_issues.empty())
        std::erase_if(item.part_issues, [&](PartIssue const& part) {
            return part.reservation_id == now.reservation_id;
        });
}

Promise owed_to(Item const& item, ReservationId id) {
    auto const* const promise = item.open.find(id);
    KONTOR_ASSERT(promise != nullptr, "nothing is owed to {}", id.to_string());
    return *promise;
}

void fill(Item& item, Fills const& fills) {
    for (auto const& [id, quantity] : fills) {
        auto promise = owed_to(item, id);
        promise.reserved += quantity;
        promise.backordered -= quantity;
        owe(item, promise);
    }
    check_bounds(item);
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const&) {
    return false;
}

State evolve(State state, Received const& event) {
    auto& item = opened(state);
    item.on_hand += event.quantity;
    fill(item, event.fills);
    return state;
}

State evolve(State state, Adjusted const& event) {
    auto& item = opened(state);
    item.on_hand = Count(item.on_hand.value() + event.delta.value());
    if (event.transfer_id)
        item.last_transfer = *event.transfer_id;
    fill(item, event.fills);
    return state;
}

State evolve(State state, RanLow const&) {
    return state;
}

State evolve(State state, PolicySet const& event) {
    auto& item = opened(state);
    item.safety = event.safety;
    item.backorder_max = event.backorder_max;
    item.low_at = event.low_at;
    check_bounds(item);
    return state;
}

State evolve(State state, Reserved const& event) {
    auto& item = opened(state);
    KONTOR_ASSERT(item.open.find(event.reservation_id) == nullptr, "{} is promised twice",
                  event.reservation_id.to_string());
    owe(item, {event.reservation_id, event.reserved, event.backordered});
    check_bounds(item);
    return state;
}

State evolve(State state, Released const& event) {
    auto& item = known(state);
    auto promise = owed_to(item, event.reservation_id);
    promise.reserved -= event.reserved;
    promise.backordered -= event.backordered;
    owe(item, promise);
    fill(item, event.fills);
    return state;
}

State evolve(State state, Issued const& event) {
    auto& item = known(state);
    auto promise = owed_to(item, event.reservation_id);
    promise.reserved -= event.quantity;
    item.on_hand -= event.quantity;
    if (promise.units().value() > 0)
        item.part_issues.push_back({event.reservation_id, event.fulfilment_id});
    owe(item, promise);
    check_bounds(item);
    return state;
}

State evolve(State state, Restocked const& event) {
    auto& item = opened(state);
    if (event.condition == ItemCondition::restock)
        item.on_hand += event.quantity;
    fill(item, event.fills);
    return state;
}

State evolve(State state, BackordersFilled const& event) {
    fill(known(state), event.fills);
    return state;
}

Offer offer(State const& state) {
    auto const* const item = std::get_if<Item>(&state);
    if (item == nullptr)
        return {};
    auto const free = std::max<std::int64_t>(0, item->available() - item->backordered.value());
    return {Count(free), item->backorder_max - item->backordered};
}

Promise const* promise_to(State const& state, ReservationId id) {
    auto const* const item = std::get_if<Item>(&state);
    return item == nullptr ? nullptr : item->open.find(id);
}

bool remembers(State const& state, TransferId id) {
    auto const* const item = std::get_if<Item>(&state);
    return item != nullptr && item->last_transfer == id;
}

bool has_fillable_backorders(State const& state) {
    auto const* const item = std::get_if<Item>(&state);
    return item != nullptr && item->backordered.value() > 0 && item->available() > 0;
}

} // namespace kontor::stock
