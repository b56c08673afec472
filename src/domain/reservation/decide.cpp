#include "domain/reservation/decide.hpp"

#include <algorithm>

namespace kontor::reservation {

namespace {

Decision nothing_happens() {
    return Events<Event>{};
}

bool holds_units(Hold const& command) {
    bool const every_item = std::ranges::all_of(command.items, [](Item const& item) {
        return (item.reserved + item.backordered).value() > 0;
    });
    return every_item && !command.items.empty() && command.part >= 1 &&
           command.part <= command.parts;
}

// A promise is looked up by its SKU and location, so a second one would be lost behind the first.
bool names_an_item_twice(Items const& promised, Items const& wanted) {
    std::vector<std::pair<Sku, Location>> places;
    places.reserve(promised.size() + wanted.size());
    for (auto const* const items : {&promised, &wanted})
        for (auto const& item : *items)
            places.emplace_back(item.sku, item.location);
    std::ranges::sort(places);
    return std::ranges::adjacent_find(places) != places.end();
}

Decision hold(Items const& promised, Hold const& command) {
    if (names_an_item_twice(promised, command.items))
        return unexpected(Rejection::item_named_twice);
    return facts<Event>(Held{command.order_id, command.attempt, command.items, command.expires_at,
                             command.part, command.parts});
}

// The items that change, when units are conserved and only move onto the shelf.
Result<Items, Rejection> changed_by_fill(Items const& promised, Items const& wanted) {
    Items changed;
    for (auto const& item : wanted) {
        auto const before = std::ranges::find_if(promised, [&](Item const& each) {
            return each.sku == item.sku && each.location == item.location;
        });
        if (before == promised.end() || item.backordered > before->backordered ||
            item.reserved + item.backordered != before->reserved + before->backordered)
            return unexpected(Rejection::not_backordered);
        if (item != *before)
            changed.push_back(item);
    }
    return changed;
}

} // namespace

Decision decide(State const& state, Hold const& command, Context const&) {
    if (!holds_units(command))
        return unexpected(Rejection::nothing_to_hold);
    if (std::holds_alternative<Nothing>(state)) {
        if (command.part != 1)
            return unexpected(Rejection::part_missing);
        return hold({}, command);
    }
    if (auto const* const held = std::get_if<OnHold>(&state)) {
        if (held->order_id != command.order_id)
            return unexpected(Rejection::other_order);
        if (command.part <= held->part)
            return nothing_happens();
        if (command.part != held->part + 1 || command.parts != held->parts)
            return unexpected(Rejection::part_missing);
        return hold(held->items, command);
    }
    if (std::holds_alternative<Firm>(state))
        return nothing_happens();
    return unexpected(Rejection::reservation_closed);
}

Decision decide(State const& state, RejectHold const& command, Context const&) {
    if (std::holds_alternative<Nothing>(state))
        return facts<Event>(Rejected{command.order_id, command.attempt, command.shortages});
    if (std::holds_alternative<Refused>(state))
        return nothing_happens();
    if (std::holds_alternative<Closed>(state))
        return unexpected(Rejection::reservation_closed);
    return unexpected(Rejection::already_held);
}

Decision decide(State const& state, Extend const& command, Context const&) {
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_reservation);
    if (std::holds_alternative<Firm>(state))
        return nothing_happens();
    auto const* const held = std::get_if<OnHold>(&state);
    if (held == nullptr)
        return unexpected(Rejection::reservation_closed);
    if (command.expires_at <= held->expires_at)
        return nothing_happens();
    if (held->extended)
        return unexpected(Rejection::already_extended);
    return facts<Event>(Extended{command.expires_at});
}

Decision decide(State const& state, Confirm const& command, Context const&) {
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_reservation);
    if (auto const* const firm = std::get_if<Firm>(&state)) {
        if (firm->order_id != command.order_id)
            return unexpected(Rejection::other_order);
        return nothing_happens();
    }
    auto const* const held = std::get_if<OnHold>(&state);
    if (held == nullptr)
        return unexpected(Rejection::reservation_closed);
    if (held->order_id != command.order_id)
        return unexpected(Rejection::other_order);
    if (held->part != held->parts)
        return unexpected(Rejection::part_missing);
    return facts<Event>(Confirmed{command.order_id});
}

Decision decide(State const& state, Release const& command, Context const&) {
    if (is_terminal(state))
        return nothing_happens();
    return facts<Event>(Released{command.order_id, command.items, command.reason});
}

Decision decide(State const& state, Expire const& command, Context const& context) {
    if (std::holds_alternative<Nothing>(state))
        return facts<Event>(Released{command.order_id, {}, ReleaseReason::order_expired});
    auto const* const held = std::get_if<OnHold>(&state);
    if (held == nullptr)
        return nothing_happens();
    if (context.now < held->expires_at)
        return unexpected(Rejection::too_early);
    return facts<Event>(Expired{command.order_id, command.items});
}

Decision decide(State const& state, Fill const& command, Context const&) {
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_reservation);
    if (is_terminal(state))
        return unexpected(Rejection::reservation_closed);
    auto const* const on_hold = std::get_if<OnHold>(&state);
    auto const order_id = on_hold != nullptr ? on_hold->order_id : std::get<Firm>(state).order_id;
    if (names_an_item_twice({}, command.items))
        return unexpected(Rejection::item_named_twice);
    KONTOR_TRY(auto changed, changed_by_fill(promised_items(state), command.items));
    if (changed.empty())
        return nothing_happens();
    return facts<Event>(Filled{order_id, std::move(changed)});
}

} // namespace kontor::reservation
