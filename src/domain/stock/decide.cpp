#include "domain/stock/decide.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::stock {

namespace {

Item const nothing_there{};

Item const& item_of(State const& state) {
    auto const* const item = std::get_if<Item>(&state);
    return item == nullptr ? nothing_there : *item;
}

bool exceeds_units_max(Count count) {
    return count.value() > units_max;
}

// Gives `free` units to whoever waits longest. `changed` is one promise as it is after the same
// append.
Fills fills_of(Item const& item, std::int64_t free, Promise const& changed = {}) {
    Fills fills;
    for (auto const& id : item.backorders.waiting()) {
        if (free <= 0 || fills.size() == fills_max)
            break;
        auto const waits = id == changed.reservation_id ? changed.backordered.value()
                                                        : item.open.find(id)->backordered.value();
        auto const units = std::min({free, waits, Quantity::max});
        if (units == 0)
            continue;
        fills.push_back({id, Quantity::of(units)});
        free -= units;
    }
    return fills;
}

// A fact that takes units away, and the warning when they become few.
Events<Event> with_warning(Event fact, Item const& before, std::int64_t taken, Sku const& sku,
                           Location const& location) {
    auto made = facts<Event>(std::move(fact));
    auto const available = before.available() - taken;
    if (before.low_at.value() > 0 && !before.is_low() && available <= before.low_at.value())
        made.emplace_back(RanLow{sku, location, available});
    return made;
}

// One change of what is on the shelf, for whatever reason.
Decision adjust(State const& state, Adjusted fact) {
    auto const& item = item_of(state);
    auto const delta = fact.delta.value();
    auto const on_hand = item.on_hand.value() + delta;
    if (delta < 0 && std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_location);
    if (on_hand < item.reserved.value())
        return unexpected(Rejection::would_break_promise);
    if (on_hand > units_max)
        return unexpected(Rejection::out_of_range);
    fact.fills = fills_of(item, item.available() + delta);
    auto const sku = fact.sku;
    auto const location = fact.location;
    return with_warning(std::move(fact), item, -delta, sku, location);
}

Decision release(State const& state, ReservationId id, std::int64_t keep) {
    auto const* const promise = promise_to(state, id);
    if (promise == nullptr || promise->units().value() <= keep)
        return Events<Event>{};
    auto const& item = item_of(state);
    auto const excess = promise->units().value() - keep;
    Count const backordered(std::min(excess, promise->backordered.value()));
    Count const reserved(excess - backordered.value());
    Promise const rest{id, promise->reserved - reserved, promise->backordered - backordered};
    return facts<Event>(Released{id, reserved, backordered,
                                 fills_of(item, item.available() + reserved.value(), rest)});
}

} // namespace

Decision decide(State const& state, Receive const& command, Context const&) {
    auto const& item = item_of(state);
    if (exceeds_units_max(item.on_hand + command.quantity))
        return unexpected(Rejection::out_of_range);
    return facts<Event>(Received{command.sku, command.location, command.quantity, command.reference,
                                 fills_of(item, item.available() + command.quantity.value())});
}

Decision decide(State const& state, Adjust const& command, Context const&) {
    return adjust(state, {.sku = command.sku,
                          .location = command.location,
                          .delta = command.delta,
                          .reason = command.reason,
                          .note = command.note});
}

Decision decide(State const& state, CountShelf const& command, Context const&) {
    auto const difference = command.counted.value() - item_of(state).on_hand.value();
    if (difference == 0)
        return Events<Event>{};
    auto const delta = Delta::create(difference);
    if (!delta)
        return unexpected(Rejection::out_of_range);
    return adjust(state, {.sku = command.sku,
                          .location = command.location,
                          .delta = *delta,
                          .reason = AdjustReason::counted,
                          .note = command.note,
                          .counted = command.counted});
}

Decision decide(State const& state, TransferOut const& command, Context const&) {
    if (item_of(state).last_transfer == command.transfer_id)
        return Events<Event>{};
    return adjust(state, {.sku = command.sku,
                          .location = command.location,
                          .delta = Delta::create(-command.quantity.value()).value(),
                          .reason = AdjustReason::transferred,
                          .transfer_id = command.transfer_id});
}

Decision decide(State const& state, TransferIn const& command, Context const&) {
    if (item_of(state).last_transfer == command.transfer_id)
        return Events<Event>{};
    return adjust(state, {.sku = command.sku,
                          .location = command.location,
                          .delta = Delta::create(command.quantity.value()).value(),
                          .reason = AdjustReason::transferred,
                          .transfer_id = command.transfer_id});
}

Decision decide(State const& state, SetPolicy const& command, Context const&) {
    auto const& item = item_of(state);
    if (exceeds_units_max(command.safety) || exceeds_units_max(command.backorder_max) ||
        exceeds_units_max(command.low_at))
        return unexpected(Rejection::out_of_range);
    if (command.backorder_max < item.backordered)
        return unexpected(Rejection::would_break_promise);
    if (item.safety == command.safety && item.backorder_max == command.backorder_max &&
        item.low_at == command.low_at)
        return Events<Event>{};
    auto made = facts<Event>(PolicySet{command.safety, command.backorder_max, command.low_at});
    auto available = item.available() + item.safety.value() - command.safety.value();
    if (auto fills = fills_of(item, available); !fills.empty()) {
        for (auto const& fill : fills)
            available -= fill.quantity.value();
        made.emplace_back(BackordersFilled{std::move(fills)});
    }
    if (!item.is_low() && command.low_at.value() > 0 && available <= command.low_at.value())
        made.emplace_back(RanLow{command.sku, command.location, available});
    return made;
}

Decision decide(State const& state, Reserve const& command, Context const&) {
    auto const units = command.reserved + command.backordered;
    if (units.value() == 0)
        return unexpected(Rejection::bad_quantity);
    if (auto const* const promise = promise_to(state, command.reservation_id)) {
        if (promise->units() != units)
            return unexpected(Rejection::already_reserved);
        return Events<Event>{};
    }
    auto const [on_shelf, beyond_shelf] = offer(state);
    if (units > on_shelf + beyond_shelf)
        return unexpected(Rejection::insufficient_stock);
    if (command.reserved != std::min(units, on_shelf))
        return unexpected(Rejection::plan_outdated);
    return with_warning(Reserved{command.reservation_id, command.reserved, command.backordered},
                        item_of(state), command.reserved.value(), command.sku, command.location);
}

Decision decide(State const& state, Release const& command, Context const&) {
    return release(state, command.reservation_id, command.keep.value());
}

Decision decide(State const& state, Expire const& command, Context const&) {
    return release(state, command.reservation_id, 0);
}

Decision decide(State const& state, Issue const& command, Context const&) {
    auto const* const item = std::get_if<Item>(&state);
    if (item == nullptr)
        return unexpected(Rejection::unknown_location);
    PartIssue const issue{command.reservation_id, command.fulfilment_id};
    if (std::ranges::find(item->part_issues, issue) != item->part_issues.end())
        return Events<Event>{};
    auto const* const promise = item->open.find(command.reservation_id);
    if (promise == nullptr)
        return unexpected(Rejection::reservation_closed);
    if (promise->reserved < Count(command.quantity))
        return unexpected(Rejection::exceeds_reserved);
    return facts<Event>(Issued{command.reservation_id, command.fulfilment_id, command.quantity});
}

Decision decide(State const& state, Restock const& command, Context const&) {
    auto const& item = item_of(state);
    auto const added = command.condition == ItemCondition::restock ? command.quantity.value() : 0;
    if (item.on_hand.value() + added > units_max)
        return unexpected(Rejection::out_of_range);
    return facts<Event>(Restocked{command.order_id, command.return_id, command.quantity,
                                  command.condition, fills_of(item, item.available() + added)});
}

Decision decide(State const& state, FillBackorders const&, Context const&) {
    auto const& item = item_of(state);
    auto fills = fills_of(item, item.available());
    if (fills.empty())
        return Events<Event>{};
    return facts<Event>(BackordersFilled{std::move(fills)});
}

} // namespace kontor::stock
