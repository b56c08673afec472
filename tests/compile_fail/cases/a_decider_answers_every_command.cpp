// expects: static assertion failed
#include "base/shapes.hpp"

#include <variant>

struct Context {};

struct Decider {
    struct State {
        friend bool operator==(State, State) = default;
    };
    struct Opened {
        friend bool operator==(Opened, Opened) = default;
    };
    using Event = std::variant<Opened>;
    struct Command {};
    enum class Rejection { closed };

    static State initial() { return {}; }
    static State evolve(State state, Event const&) { return state; }
#ifdef BROKEN
    static kontor::Events<Event> decide(State const&, Command const&, Context const&) { return {}; }
#else
    static kontor::DecisionOf<Event, Rejection> decide(State const&, Command const&,
                                                       Context const&) {
        return kontor::Events<Event>{};
    }
#endif
    static bool is_terminal(State const&) { return false; }
};
static_assert(kontor::DeciderShape<Decider, Context>);
