// expects: could not convert .fact. from .const lamp::PutOut.
#include "base/shapes.hpp"

#include <variant>

namespace lamp {

struct State {
    bool lit = false;
    friend bool operator==(State, State) = default;
};
struct Lit {
    friend bool operator==(Lit, Lit) = default;
};
struct PutOut {
    friend bool operator==(PutOut, PutOut) = default;
};
struct Light {};
enum class Rejection { already_lit };
struct Context {};

State evolve(State, Lit) {
    return {true};
}
#ifndef BROKEN
State evolve(State, PutOut) {
    return {false};
}
#endif

struct Decider {
    using State = lamp::State;
    using Event = std::variant<Lit, PutOut>;
    using Command = std::variant<Light>;
    using Rejection = lamp::Rejection;

    static State initial() { return {}; }
    static State evolve(State state, Event const& event) {
        return std::visit([&](auto const& fact) { return lamp::evolve(state, fact); }, event);
    }
    static kontor::DecisionOf<Event, Rejection> decide(State const&, Command const&,
                                                       Context const&) {
        return kontor::Events<Event>{Lit{}};
    }
    static bool is_terminal(State const&) { return false; }
};
static_assert(kontor::DeciderShape<Decider, Context>);

} // namespace lamp
