#pragma once

/// The decider of an order. Stream `order-{id}`; pure; any thread.

#include "domain/order/decide.hpp"

namespace kontor::order {

struct Decider {
    using State = order::State;
    using Command = order::Command;
    using Event = order::Event;
    using Rejection = order::Rejection;

    static State initial() { return order::initial(); }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return order::evolve(std::move(state), fact); },
                          event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return order::decide(state, wish, context); },
                          command);
    }
    static bool is_terminal(State const& state) { return order::is_terminal(state); }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::order
