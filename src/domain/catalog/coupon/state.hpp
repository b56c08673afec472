#pragma once

/// What the facts of one coupon code add up to. Source: DOMAIN section 3.

#include "domain/catalog/coupon/events.hpp"

#include <vector>

namespace kontor::coupon {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

struct Valid {
    Issued terms;
    std::vector<OrderId> used_by{}; ///< ascending
    friend bool operator==(Valid const&, Valid const&) = default;
};

using State = std::variant<Nothing, Valid>;

State initial();
/// Never: a use may always be given back.
bool is_terminal(State const& state);

State evolve(State state, Issued const& event);
State evolve(State state, Used const& event);
State evolve(State state, GivenBack const& event);

bool is_used_by(Valid const& coupon, OrderId order);

} // namespace kontor::coupon
