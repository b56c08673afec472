#pragma once

/// The decider of one parcel, whole.

#include "domain/fulfilment/decide.hpp"

namespace kontor::fulfilment {

struct Decider {
    using State = fulfilment::State;
    using Command = fulfilment::Command;
    using Event = fulfilment::Event;
    using Rejection = fulfilment::Rejection;

    static State initial() { return fulfilment::initial(); }
    static bool is_terminal(State const& state) { return fulfilment::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit(
            [&](auto const& fact) { return fulfilment::evolve(std::move(state), fact); }, event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit(
            [&](auto const& wish) { return fulfilment::decide(state, wish, context); }, command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::fulfilment
