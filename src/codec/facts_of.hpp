#pragma once

/// The facts of one aggregate: which rows of the table are its own, and the struct behind a number.
/// For the files that instantiate what events.hpp declares.

#include "codec/stored.hpp"

#include "base/result.hpp"

#include <fmt/format.h>

#include <type_traits>

namespace kontor::codec {

/// Specialised for each aggregate: `using Rows = order_facts;`.
template <class Event>
struct FactsOf;

/// The row that stores `Fact`, an alternative of `Event`.
template <class Event, class Fact>
using RowOf =
    boost::mp11::mp_at_c<boost::mp11::mp_copy_if_q<typename FactsOf<Event>::Rows, StoresType<Fact>>,
                         0>;

template <class Answer, class Visitor>
Answer pick_fact_type(EventType type, Visitor&, boost::mp11::mp_list<>) {
    return unexpected(Failure{FailureKind::unsupported, "no such type of event",
                              fmt::format("event type {}", type.value())});
}

template <class Answer, class Visitor, class Row, class... Rest>
Answer pick_fact_type(EventType type, Visitor& visit, boost::mp11::mp_list<Row, Rest...>) {
    if (type.value() == Row::number)
        return visit(std::type_identity<typename Row::Type>{});
    return pick_fact_type<Answer>(type, visit, boost::mp11::mp_list<Rest...>{});
}

/// Calls `visit` with the struct that `type` stores among the facts of `Event`.
/// Errors: unsupported (none of its rows has the number).
template <class Event, class Answer, class Visitor>
Answer with_fact_type(EventType type, Visitor visit) {
    return pick_fact_type<Answer>(type, visit, typename FactsOf<Event>::Rows{});
}

} // namespace kontor::codec
