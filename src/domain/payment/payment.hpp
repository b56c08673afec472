#pragma once

/// The decider of one attempt to be paid, whole.

#include "domain/payment/decide.hpp"

namespace kontor::payment {

struct Decider {
    using State = payment::State;
    using Command = payment::Command;
    using Event = payment::Event;
    using Rejection = payment::Rejection;

    static State initial() { return payment::initial(); }
    static bool is_terminal(State const& state) { return payment::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return payment::evolve(std::move(state), fact); },
                          event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return payment::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::payment
