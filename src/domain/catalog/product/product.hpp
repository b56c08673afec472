#pragma once

/// The decider of one SKU of the catalogue, whole.

#include "domain/catalog/product/decide.hpp"

namespace kontor::product {

struct Decider {
    using State = product::State;
    using Command = product::Command;
    using Event = product::Event;
    using Rejection = product::Rejection;

    static State initial() { return product::initial(); }
    static bool is_terminal(State const& state) { return product::is_terminal(state); }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return product::evolve(std::move(state), fact); },
                          event);
    }
    static Decision decide(State const& state, Command const& command, Context const& context) {
        return std::visit([&](auto const& wish) { return product::decide(state, wish, context); },
                          command);
    }
};
static_assert(DeciderShape<Decider, Context>);

} // namespace kontor::product
