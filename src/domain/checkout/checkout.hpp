#pragma once

/// The order process as one type, for whoever runs it.

#include "domain/checkout/decide.hpp"

namespace kontor::checkout {

struct Process {
    using State = checkout::State;
    using Event = checkout::Event;
    using Command = checkout::Command;

    static State initial() { return checkout::initial(); }
    static bool is_terminal(State const& state) { return checkout::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit(
            [&](auto const& fact) { return checkout::evolve(std::move(state), fact); }, event);
    }
    static void apply(State& state, Event const& event) {
        std::visit([&](auto const& fact) { checkout::apply(state, fact); }, event);
    }
    template <class Input>
    static Outputs decide(State const& state, Input const& input, Context const& context) {
        return checkout::decide(state, input, context);
    }
    template <class Input>
    static Outputs advance(State& state, Input const& input, Context const& context) {
        return checkout::advance(state, input, context);
    }
};

} // namespace kontor::checkout
