#pragma once

/// The decider of a book of deliveries, whole.

#include "domain/webhook_book/decide.hpp"

namespace kontor::webhook_book {

struct Decider {
    using State = webhook_book::State;
    using Command = webhook_book::Command;
    using Event = webhook_book::Event;
    using Rejection = webhook_book::Rejection;

    static State initial() { return webhook_book::initial(); }
    static bool is_terminal(State const& state) { return webhook_book::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit(
            [&](auto const& fact) { return webhook_book::evolve(std::move(state), fact); }, event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit(
            [&](auto const& wish) { return webhook_book::decide(state, wish, context); }, command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::webhook_book
