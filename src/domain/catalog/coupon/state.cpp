#include "domain/catalog/coupon/state.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::coupon {

namespace {

Valid& valid_in(State& state) {
    auto* const valid = std::get_if<Valid>(&state);
    KONTOR_ASSERT(valid != nullptr, "a fact about a coupon that nobody issued");
    return *valid;
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const&) {
    return false;
}

State evolve([[maybe_unused]] State state, Issued const& event) {
    KONTOR_ASSERT(std::holds_alternative<Nothing>(state), "issued twice");
    return Valid{event};
}

State evolve(State state, Used const& event) {
    auto& valid = valid_in(state);
    KONTOR_ASSERT(!is_used_by(valid, event.order_id), "used twice by one order");
    auto& orders = valid.used_by;
    orders.insert(std::ranges::lower_bound(orders, event.order_id), event.order_id);
    return state;
}

State evolve(State state, GivenBack const& event) {
    auto& orders = valid_in(state).used_by;
    auto const place = std::ranges::lower_bound(orders, event.order_id);
    KONTOR_ASSERT(place != orders.end() && *place == event.order_id, "given back, never used");
    orders.erase(place);
    return state;
}

bool is_used_by(Valid const& coupon, OrderId order) {
    return std::ranges::binary_search(coupon.used_by, order);
}

} // namespace kontor::coupon
