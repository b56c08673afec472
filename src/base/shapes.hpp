#pragma once

/// The one shape of the house, the fold, as concepts. A decider that forgets an alternative does
/// not compile.
/// Source: J. Chassaing, "Functional Event Sourcing Decider" (2021); Emmett's
/// `Decider`.

#include "base/result.hpp"

#include <boost/container/small_vector.hpp>

#include <concepts>
#include <variant>

namespace kontor {

/// The facts one decision makes: mostly one or two, kept without allocation.
template <class Event>
using Events = boost::container::small_vector<Event, 1>;

/// What a decider answers: facts (none: nothing changes), or the shop's no.
template <class Event, class Rejection>
using DecisionOf = Result<Events<Event>, Rejection>;

/// The facts of one decision, moved into their place: `return facts<Event>(Confirmed{order_id});`
template <class Event, class... Facts>
Events<Event> facts(Facts&&... each) {
    Events<Event> made;
    (made.emplace_back(std::forward<Facts>(each)), ...);
    return made;
}

/// A decider: commands in, facts out. `evolve` is total and cannot refuse; `decide` is pure.
template <class D, class Context>
concept DeciderShape = requires(typename D::State const& state, typename D::Command const& command,
                                typename D::Event const& event, Context const& context) {
    { D::initial() } -> std::same_as<typename D::State>;
    { D::evolve(typename D::State{state}, event) } -> std::same_as<typename D::State>;
    {
        D::decide(state, command, context)
    } -> std::same_as<DecisionOf<typename D::Event, typename D::Rejection>>;
    { D::is_terminal(state) } -> std::same_as<bool>;
    requires std::equality_comparable<typename D::State>;
    requires std::equality_comparable<typename D::Event>;
};

/// Folds one fact into a state where it stands. A decider whose state is too large to be moved for
/// each fact offers `apply`, which does in place what its `evolve` does.
template <class D>
void evolve_in_place(typename D::State& state, typename D::Event const& event) {
    if constexpr (requires { D::apply(state, event); })
        D::apply(state, event);
    else
        state = D::evolve(std::move(state), event);
}

/// Folds facts into a state, from the first one on.
template <class D, class Range>
typename D::State fold(typename D::State state, Range const& events) {
    for (auto const& event : events)
        evolve_in_place<D>(state, event);
    return state;
}

} // namespace kontor
