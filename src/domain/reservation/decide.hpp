#pragma once

/// The rules of one reservation: held until paid, confirmed once, given back once.
///
/// What is given back before it was ever held stays given back: the queues that bring Hold and
/// Release keep no sequence between them. Every command repeated on its own outcome changes
/// nothing.
/// Source: DOMAIN section 5.

#include "domain/reservation/commands.hpp"
#include "domain/reservation/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::reservation {

enum class Rejection : std::uint8_t {
    unknown_reservation, ///< nothing was ever held
    reservation_closed,  ///< refused, given back or expired
    already_held,        ///< what is held cannot be refused any more
    other_order,         ///< the reservation belongs to another order
    nothing_to_hold,     ///< no units, or part of no whole
    item_named_twice,    ///< one promise for each SKU at a location
    part_missing,        ///< parts are held in sequence, and confirmed when all are
    too_early,           ///< the hold has not run out
    already_extended,    ///< a hold is extended once
    not_backordered      ///< no such units are awaited
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_reservation, reservation_closed, already_held, other_order,
                    nothing_to_hold, item_named_twice, part_missing, too_early, already_extended,
                    not_backordered)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: nothing_to_hold, item_named_twice, part_missing, other_order, reservation_closed.
Decision decide(State const& state, Hold const& command, Context const& context);
/// Errors: already_held, reservation_closed.
Decision decide(State const& state, RejectHold const& command, Context const& context);
/// Errors: unknown_reservation, already_extended, reservation_closed.
Decision decide(State const& state, Extend const& command, Context const& context);
/// Errors: unknown_reservation, part_missing, other_order, reservation_closed.
Decision decide(State const& state, Confirm const& command, Context const& context);
/// Errors: none; what is closed stays so.
Decision decide(State const& state, Release const& command, Context const& context);
/// Errors: too_early.
Decision decide(State const& state, Expire const& command, Context const& context);
/// Errors: unknown_reservation, item_named_twice, not_backordered, reservation_closed.
Decision decide(State const& state, Fill const& command, Context const& context);

} // namespace kontor::reservation
