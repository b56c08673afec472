#pragma once

/// The decider of one SKU at one location, whole.

#include "domain/stock/decide.hpp"

namespace kontor::stock {

struct Decider {
    using State = stock::State;
    using Command = stock::Command;
    using Event = stock::Event;
    using Rejection = stock::Rejection;

    static State initial() { return stock::initial(); }
    static bool is_terminal(State const& state) { return stock::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return stock::evolve(std::move(state), fact); },
                          event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return stock::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::stock
