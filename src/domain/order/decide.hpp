#pragma once

/// The rules of an order: one `decide` for each command, in the sequence of commands.hpp. Each is
/// the row of that command in the table of DOMAIN section 4, read for the situation the order is
/// in. No event means: that is so already.

#include "domain/order/commands.hpp"
#include "domain/order/rejection.hpp"
#include "domain/order/state.hpp"

#include "base/shapes.hpp"
#include "domain/values/context.hpp"

namespace kontor::order {

using Decision = DecisionOf<Event, Rejection>;

/// Errors: order_exists, empty_order, too_many_lines, currency_mixed, out_of_range,
/// unknown_country, quote_inconsistent, price_changed.
Decision decide(State const& state, Place const& command, Context const& context);

/// An order without goods ships its services at once, unless it was promised otherwise.
/// Errors: unknown_order, order_closed.
Decision decide(State const& state, Confirm const& command, Context const& context);

/// Errors: unknown_order, already_confirmed, order_closed.
Decision decide(State const& state, Reject const& command, Context const& context);

/// Errors: unknown_order, too_early, already_confirmed, order_closed.
Decision decide(State const& state, Expire const& command, Context const& context);

/// Errors: unknown_order, nothing_due, too_many_attempts, attempt_skipped, too_late, order_closed.
Decision decide(State const& state, OfferPayment const& command, Context const& context);

/// Errors: unknown_order, already_shipped, order_editing, order_closed.
Decision decide(State const& state, Cancel const& command, Context const& context);

/// Errors: unknown_order, not_confirmed, already_shipped (fewer units are open, and some have
/// left), bad_quantity (fewer are open), unknown_line, order_editing, order_closed, limit_reached.
Decision decide(State const& state, CancelLines const& command, Context const& context);

/// Errors: unknown_order, already_shipped (no parcel is to come), order_closed, limit_reached.
Decision decide(State const& state, ChangeAddress const& command, Context const& context);

/// Errors: unknown_order, not_confirmed, already_shipped (nothing is left to ship), order_editing
/// (somebody else is at it), order_closed.
Decision decide(State const& state, OpenEdit const& command, Context const& context);

/// Errors: unknown_order, no_open_edit, edit_empty, edit_unpaid, edit_unreserved, order_closed, and
/// what Place and CancelLines say of lines.
Decision decide(State const& state, CommitEdit const& command, Context const& context);

/// Errors: unknown_order, no_open_edit, order_closed.
Decision decide(State const& state, AbandonEdit const& command, Context const& context);

/// Errors: unknown_order, not_confirmed, cancelled_meanwhile (with the units that are open),
/// bad_quantity, unknown_line, order_editing, already_shipped, order_closed, limit_reached.
Decision decide(State const& state, Ship const& command, Context const& context);

/// Errors: unknown_order, not_shipped, coming_back.
Decision decide(State const& state, Deliver const& command, Context const& context);

/// Errors: unknown_order, not_confirmed, not_delivered (with a line and its units that are not),
/// currency_mixed, order_editing, order_closed.
Decision decide(State const& state, Complete const& command, Context const& context);

/// Errors: unknown_order, not_shipped, return_window_closed, not_returnable (with the units that
/// are), unknown_line, limit_reached.
Decision decide(State const& state, RequestReturn const& command, Context const& context);

/// Makes one fact for each condition, so that the value of each says what a refund of just these
/// units is.
/// Errors: unknown_order, unknown_return, return_closed, not_returnable (with the units that are
/// awaited), unknown_line, limit_reached.
Decision decide(State const& state, ReceiveReturn const& command, Context const& context);

/// Errors: unknown_order, unknown_return, return_closed.
Decision decide(State const& state, CancelReturn const& command, Context const& context);

/// Errors: unknown_order, nothing_captured, bad_amount, currency_mixed, exceeds_refundable,
/// operator_required, reason_required, unknown_line, unknown_return, limit_reached.
Decision decide(State const& state, GrantRefund const& command, Context const& context);

} // namespace kontor::order
