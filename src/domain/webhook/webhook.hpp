#pragma once

/// The decider of one webhook, whole.

#include "domain/webhook/decide.hpp"

namespace kontor::webhook {

struct Decider {
    using State = webhook::State;
    using Command = webhook::Command;
    using Event = webhook::Event;
    using Rejection = webhook::Rejection;

    static State initial() { return webhook::initial(); }
    static bool is_terminal(State const& state) { return webhook::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return webhook::evolve(std::move(state), fact); },
                          event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return webhook::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::webhook
