#pragma once

/// The decider of one coupon code, whole.

#include "domain/catalog/coupon/decide.hpp"

namespace kontor::coupon {

struct Decider {
    using State = coupon::State;
    using Command = coupon::Command;
    using Event = coupon::Event;
    using Rejection = coupon::Rejection;

    static State initial() { return coupon::initial(); }
    static bool is_terminal(State const& state) { return coupon::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return coupon::evolve(std::move(state), fact); },
                          event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return coupon::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::coupon
