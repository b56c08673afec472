#pragma once

/// The rules of one parcel: packed once, handed over while nothing holds it, and at its end once.
///
/// The carrier's word is a fact: a parcel may be delivered or brought back from wherever the
/// carrier has it. Every command repeated on its own outcome changes nothing.
/// Source: DOMAIN section 7.

#include "domain/fulfilment/commands.hpp"
#include "domain/fulfilment/limits.hpp"
#include "domain/fulfilment/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::fulfilment {

enum class Rejection : std::uint8_t {
    unknown_fulfilment,
    fulfilment_exists,  ///< the same id names another parcel
    empty_parcel,       ///< nothing in it, or a line twice
    too_many_skus,      ///< more than one dispatch can write
    exceeds_open,       ///< more units than the order has open
    on_hold,            ///< something holds the parcel
    not_dispatched,     ///< the carrier does not have it yet
    already_dispatched, ///< the carrier has it
    fulfilment_closed   ///< delivered, brought back or cancelled
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_fulfilment, fulfilment_exists, empty_parcel, too_many_skus,
                    exceeds_open, on_hold, not_dispatched, already_dispatched, fulfilment_closed)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: fulfilment_exists, empty_parcel, too_many_skus, exceeds_open.
Decision decide(State const& state, Create const& command, Context const& context);
/// Errors: unknown_fulfilment, already_dispatched, fulfilment_closed.
Decision decide(State const& state, Hold const& command, Context const& context);
/// Errors: unknown_fulfilment, already_dispatched, fulfilment_closed.
Decision decide(State const& state, Resume const& command, Context const& context);
/// Errors: unknown_fulfilment, already_dispatched, fulfilment_closed.
Decision decide(State const& state, Cancel const& command, Context const& context);
/// Errors: unknown_fulfilment, on_hold, fulfilment_closed.
Decision decide(State const& state, Dispatch const& command, Context const& context);
/// Errors: unknown_fulfilment, not_dispatched, fulfilment_closed.
Decision decide(State const& state, Deliver const& command, Context const& context);
/// Errors: unknown_fulfilment, not_dispatched, fulfilment_closed.
Decision decide(State const& state, FailDelivery const& command, Context const& context);
/// Errors: unknown_fulfilment, not_dispatched, fulfilment_closed.
Decision decide(State const& state, ReturnToSender const& command, Context const& context);

} // namespace kontor::fulfilment
