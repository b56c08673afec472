#pragma once

/// The decider of one reservation, whole.

#include "domain/reservation/decide.hpp"

namespace kontor::reservation {

struct Decider {
    using State = reservation::State;
    using Command = reservation::Command;
    using Event = reservation::Event;
    using Rejection = reservation::Rejection;

    static State initial() { return reservation::initial(); }
    static bool is_terminal(State const& state) { return reservation::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit(
            [&](auto const& fact) { return reservation::evolve(std::move(state), fact); }, event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit(
            [&](auto const& wish) { return reservation::decide(state, wish, context); }, command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::reservation
