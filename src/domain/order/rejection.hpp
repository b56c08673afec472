#pragma once

/// How the shop says no to a wish about an order. The code is the stable name that customers see;
/// where a line is to blame, it is named with the quantity that would have been legal.

#include "domain/values/lines.hpp"

#include <optional>

namespace kontor::order {

/// Stored as its number: only ever added to.   Source: DOMAIN sections 3 and 4.
enum class RejectionCode : std::uint8_t {
    unknown_order = 1,
    order_exists = 2,
    order_closed = 3,
    already_confirmed = 4,
    not_confirmed = 5,
    order_editing = 6,
    already_shipped = 7,
    not_shipped = 8,
    cancelled_meanwhile = 9,
    not_delivered = 10,
    too_early = 11,
    too_late = 12,
    nothing_due = 13,
    too_many_attempts = 14,
    attempt_skipped = 15,
    no_open_edit = 16,
    edit_empty = 17,
    edit_unpaid = 18,
    edit_unreserved = 19,
    unknown_line = 20,
    bad_quantity = 21,
    unknown_return = 22,
    return_closed = 23,
    return_window_closed = 24,
    not_returnable = 25,
    coming_back = 26, ///< the carrier brings this parcel back
    nothing_captured = 27,
    bad_amount = 28,
    exceeds_refundable = 29,
    operator_required = 30,
    reason_required = 31,
    empty_order = 32,
    too_many_lines = 33,
    unknown_sku = 34,
    not_sellable = 35,
    not_shippable = 36,
    coupon_refused = 37,
    price_changed = 38,
    currency_mixed = 39,
    out_of_range = 40,
    unknown_country = 41,
    quote_inconsistent = 42, ///< the prices brought along do not add up
    limit_reached = 43,
};
BOOST_DESCRIBE_ENUM(RejectionCode, unknown_order, order_exists, order_closed, already_confirmed,
                    not_confirmed, order_editing, already_shipped, not_shipped, cancelled_meanwhile,
                    not_delivered, too_early, too_late, nothing_due, too_many_attempts,
                    attempt_skipped, no_open_edit, edit_empty, edit_unpaid, edit_unreserved,
                    unknown_line, bad_quantity, unknown_return, return_closed, return_window_closed,
                    not_returnable, coming_back, nothing_captured, bad_amount, exceeds_refundable,
                    operator_required, reason_required, empty_order, too_many_lines, unknown_sku,
                    not_sellable, not_shippable, coupon_refused, price_changed, currency_mixed,
                    out_of_range, unknown_country, quote_inconsistent, limit_reached)

struct Rejection {
    RejectionCode code;
    std::optional<LineNumber> line{};
    std::optional<Count> quantity{}; ///< the most that would have been legal
    friend bool operator==(Rejection const&, Rejection const&) = default;
};
BOOST_DESCRIBE_STRUCT(Rejection, (), (code, line, quantity))
static_assert(describes_every_field<Rejection>());

} // namespace kontor::order
