#pragma once

/// The rules of one SKU at one location.
///
/// Never promised is more than there is, nor beyond it more than the policy allows; nothing leaves
/// the shelf but to whom it was promised. Whenever units become free while backorders wait, the
/// same append gives them to the oldest. A repeated Reserve, Release, Expire, Issue, CountShelf,
/// TransferOut, TransferIn or SetPolicy changes nothing; Receive, Adjust and Restock are amounts
/// without a name of their own, and their repeat is known by its command id.
/// Source: DOMAIN section 5.

#include "domain/stock/commands.hpp"
#include "domain/stock/limits.hpp"
#include "domain/stock/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::stock {

enum class Rejection : std::uint8_t {
    unknown_location,    ///< this SKU was never seen at this location
    insufficient_stock,  ///< fewer units can be promised than were asked for
    plan_outdated,       ///< enough units, but not split as planned: plan again
    already_reserved,    ///< the reservation holds other quantities here
    reservation_closed,  ///< nothing is owed to this reservation here
    exceeds_reserved,    ///< more units than are reserved on the shelf
    would_break_promise, ///< units that were promised would be missing
    bad_quantity,        ///< no units
    out_of_range         ///< more units than a location can have
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_location, insufficient_stock, plan_outdated,
                    already_reserved, reservation_closed, exceeds_reserved, would_break_promise,
                    bad_quantity, out_of_range)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: out_of_range.
Decision decide(State const& state, Receive const& command, Context const& context);
/// Errors: unknown_location, would_break_promise, out_of_range.
Decision decide(State const& state, Adjust const& command, Context const& context);
/// Errors: would_break_promise, out_of_range.
Decision decide(State const& state, CountShelf const& command, Context const& context);
/// Errors: unknown_location, would_break_promise.
Decision decide(State const& state, TransferOut const& command, Context const& context);
/// Errors: out_of_range.
Decision decide(State const& state, TransferIn const& command, Context const& context);
/// Errors: would_break_promise (fewer backorders than are promised), out_of_range.
Decision decide(State const& state, SetPolicy const& command, Context const& context);
/// Errors: bad_quantity, insufficient_stock, plan_outdated, already_reserved.
Decision decide(State const& state, Reserve const& command, Context const& context);
/// Errors: none; without a promise nothing happens.
Decision decide(State const& state, Release const& command, Context const& context);
/// Errors: none; without a promise nothing happens.
Decision decide(State const& state, Expire const& command, Context const& context);
/// Errors: unknown_location, reservation_closed, exceeds_reserved.
Decision decide(State const& state, Issue const& command, Context const& context);
/// Errors: out_of_range.
Decision decide(State const& state, Restock const& command, Context const& context);
/// Errors: none; when nothing can be filled nothing happens.
Decision decide(State const& state, FillBackorders const& command, Context const& context);

} // namespace kontor::stock
