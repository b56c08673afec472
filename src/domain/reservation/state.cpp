#include "domain/reservation/state.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::reservation {

namespace {

Items const no_items{};

Item& item_at(Items& items, Item const& like) {
    auto const found = std::ranges::find_if(items, [&](Item const& item) {
        return item.sku == like.sku && item.location == like.location;
    });
    KONTOR_ASSERT(found != items.end(), "{} was never promised at {}", like.sku.view(),
                  like.location.view());
    return *found;
}

bool is_closed(State const& state) {
    return std::holds_alternative<Closed>(state) || std::holds_alternative<Refused>(state);
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const& state) {
    return is_closed(state);
}

State evolve(State state, Held const& event) {
    if (event.part == 1) {
        KONTOR_ASSERT(std::holds_alternative<Nothing>(state), "the first part comes first");
        return OnHold{event.order_id, event.expires_at, event.part, event.parts,
                      false,          event.items};
    }
    auto* const hold = std::get_if<OnHold>(&state);
    KONTOR_ASSERT(hold != nullptr && hold->part + 1 == event.part, "part {} is out of sequence",
                  event.part);
    hold->part = event.part;
    hold->items.insert(hold->items.end(), event.items.begin(), event.items.end());
    return state;
}

State evolve([[maybe_unused]] State state, Rejected const& event) {
    KONTOR_ASSERT(std::holds_alternative<Nothing>(state), "what is promised cannot be refused");
    return Refused{event.order_id};
}

State evolve(State state, Extended const& event) {
    auto* const hold = std::get_if<OnHold>(&state);
    KONTOR_ASSERT(hold != nullptr && event.expires_at > hold->expires_at, "only a hold is longer");
    hold->expires_at = event.expires_at;
    hold->extended = true;
    return state;
}

State evolve(State state, Confirmed const& event) {
    auto* const hold = std::get_if<OnHold>(&state);
    KONTOR_ASSERT(hold != nullptr && hold->part == hold->parts, "only a whole hold is confirmed");
    return Firm{event.order_id, std::move(hold->items)};
}

State evolve([[maybe_unused]] State state, Released const& event) {
    KONTOR_ASSERT(!is_closed(state), "given back twice");
    return Closed{event.order_id, Ending::released};
}

State evolve([[maybe_unused]] State state, Expired const& event) {
    KONTOR_ASSERT(std::holds_alternative<OnHold>(state), "only a hold expires");
    return Closed{event.order_id, Ending::expired};
}

State evolve(State state, Filled const& event) {
    auto* const hold = std::get_if<OnHold>(&state);
    auto* const firm = std::get_if<Firm>(&state);
    KONTOR_ASSERT(hold != nullptr || firm != nullptr, "nothing is promised");
    auto& items = hold != nullptr ? hold->items : firm->items;
    for (auto const& item : event.items)
        item_at(items, item) = item;
    return state;
}

Items const& promised_items(State const& state) {
    if (auto const* const hold = std::get_if<OnHold>(&state))
        return hold->items;
    if (auto const* const firm = std::get_if<Firm>(&state))
        return firm->items;
    return no_items;
}

} // namespace kontor::reservation
