#pragma once

/// The decider of one customer, whole.

#include "domain/customer/decide.hpp"

namespace kontor::customer {

struct Decider {
    using State = customer::State;
    using Command = customer::Command;
    using Event = customer::Event;
    using Rejection = customer::Rejection;

    static State initial() { return customer::initial(); }
    static bool is_terminal(State const& state) { return customer::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit(
            [&](auto const& fact) { return customer::evolve(std::move(state), fact); }, event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return customer::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::customer
