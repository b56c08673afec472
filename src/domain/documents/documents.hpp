#pragma once

/// The decider of the documents of one year, whole.

#include "domain/documents/decide.hpp"

namespace kontor::documents {

struct Decider {
    using State = documents::State;
    using Command = documents::Command;
    using Event = documents::Event;
    using Rejection = documents::Rejection;

    static State initial() { return documents::initial(); }
    static bool is_terminal(State const& state) { return documents::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit(
            [&](auto const& fact) { return documents::evolve(std::move(state), fact); }, event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return documents::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::documents
