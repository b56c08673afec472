#pragma once

/// The decider of the audit record, whole.

#include "domain/audit/decide.hpp"

namespace kontor::audit {

struct Decider {
    using State = audit::State;
    using Command = audit::Command;
    using Event = audit::Event;
    using Rejection = audit::Rejection;

    static State initial() { return audit::initial(); }
    static bool is_terminal(State const& state) { return audit::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return audit::evolve(std::move(state), fact); },
                          event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return audit::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::audit
