#pragma once

/// Upcasters: how a fact of an old shape becomes one of the next. A row of the table that stores a
/// struct which is no alternative of its aggregate's Event is retired: it needs an Upcaster, and
/// the chain of upcasters must end in an alternative, or the build stops.
///
///   template <>
///   struct Upcaster<retired::OrderPlacedV1> {
///       static order::Placed upcast(retired::OrderPlacedV1&& old);
///   };
///
/// Invariants: 1. An upcaster is total and pure: it invents nothing that the old fact did not say
///             but the default that held when it was recorded.
///             2. The old struct, its row and its golden samples stay for ever.

#include <boost/mp11/algorithm.hpp>

#include <utility>

namespace kontor::codec {

template <class Old>
struct Upcaster;

template <class Event, class Fact>
inline constexpr bool is_current = boost::mp11::mp_contains<Event, Fact>::value;

/// The fact as the aggregate knows it today.
template <class Event, class Fact>
Event to_current(Fact&& fact) {
    if constexpr (is_current<Event, Fact>)
        return Event(std::in_place_type<Fact>, std::forward<Fact>(fact));
    else
        return to_current<Event>(Upcaster<Fact>::upcast(std::forward<Fact>(fact)));
}

} // namespace kontor::codec
