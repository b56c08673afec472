#pragma once

/// The closed lists of words that the order process uses: its phases, what it asks for, what it
/// waits for, what it takes note of. All are stored as their numbers: only ever added to.
/// Source: DOMAIN section 8.

#include "base/describe.hpp"

#include <cstdint>

namespace kontor::checkout {

enum class Phase : std::uint8_t {
    none = 0, ///< before the order
    reserving = 1,
    authorising = 2,
    resolving = 3,
    confirming = 4,
    fulfilling = 5,
    settling = 6,
    unwinding = 7,
    done = 8, ///< at rest; a return, a dispute or a late payment opens it again
};
BOOST_DESCRIBE_ENUM(Phase, none, reserving, authorising, resolving, confirming, fulfilling,
                    settling, unwinding, done)

/// What the process asks others to do. What each one needs: commands.hpp.
enum class Step : std::uint8_t {
    reserve = 1,
    extend_hold = 2,
    release = 3,
    authorise = 4,
    find = 5,
    capture = 6,
    void_ = 7,
    refund = 8,
    confirm_order = 9,
    reject_order = 10,
    expire_order = 11,
    cancel_order = 12,
    create_parcel = 13,
    cancel_parcel = 14,
    hold_parcel = 15,
    resume_parcel = 16,
    deliver_parcel = 17,
    cancel_lines = 18,
    request_return = 19,
    cancel_return = 20,
    commit_edit = 21,
    abandon_edit = 22,
    complete_order = 23,
    ask_buyer = 24,
    raise_alarm = 25,
    ship_services = 26,
};
BOOST_DESCRIBE_ENUM(Step, reserve, extend_hold, release, authorise, find, capture, void_, refund,
                    confirm_order, reject_order, expire_order, cancel_order, create_parcel,
                    cancel_parcel, hold_parcel, resume_parcel, deliver_parcel, cancel_lines,
                    request_return, cancel_return, commit_edit, abandon_edit, complete_order,
                    ask_buyer, raise_alarm, ship_services)

/// What the process waits for, and how long at most. How long each is: table.hpp.
enum class Deadline : std::uint8_t {
    phase_alarm = 1,  ///< a phase lasts longer than it should: ask again
    pay_by = 2,       ///< the buyer has not paid
    resolve_by = 3,   ///< the provider has not said what became of a payment
    call = 4,         ///< a call to the provider is due again
    ship_by = 5,      ///< units that are on the shelf have not left
    backorder_by = 6, ///< units that were promised beyond the shelf have not come
    renew = 7,        ///< an authorisation ends soon
    buyer_answer = 8, ///< the buyer was asked for another way to pay
    delivery = 9,     ///< the carrier is silent
    return_by = 10,   ///< the buyer has not sent the units
    inspection = 11,  ///< an operator has not decided about damaged units
    dispute = 12,     ///< the bank wants an answer
    review = 13,      ///< support has not decided about a suspicious order
    edit = 14,        ///< the editor has not finished
    complete = 15,    ///< the order did not accept to be complete, or services wait
};
BOOST_DESCRIBE_ENUM(Deadline, phase_alarm, pay_by, resolve_by, call, ship_by, backorder_by, renew,
                    buyer_answer, delivery, return_by, inspection, dispute, review, edit, complete)

/// What happened that the process takes note of.
enum class InputKind : std::uint8_t {
    order_placed = 1,
    payment_offered = 2,
    order_confirmed = 3,
    order_rejected = 4,
    order_expired = 5,
    order_cancelled = 6,
    lines_cancelled = 7,
    edit_opened = 8,
    edit_asked = 9,
    edit_abandoned = 10,
    edited = 11,
    shipped = 12,
    delivered = 13,
    return_requested = 14,
    return_received = 15,
    return_cancelled = 16,
    refund_granted = 17,
    held = 18,
    reservation_rejected = 19,
    reservation_closed = 20,
    backorder_filled = 21,
    authorised = 22,
    declined = 23,
    outcome_unknown = 24,
    captured = 25,
    capture_failed = 26,
    voided = 27,
    authorisation_expired = 28,
    refund_pending = 29,
    refunded = 30,
    refund_failed = 31,
    disputed = 32,
    dispute_closed = 33,
    parcel_created = 34,
    parcel_cancelled = 35,
    parcel_returned = 36,
    review_cleared = 37,
    risk_flagged = 38,
    deadline_reached = 39,
    refused = 40,
    carried_out = 41,
    capture_asked = 42,
    void_asked = 43,
};
BOOST_DESCRIBE_ENUM(InputKind, order_placed, payment_offered, order_confirmed, order_rejected,
                    order_expired, order_cancelled, lines_cancelled, edit_opened, edit_asked,
                    edit_abandoned, edited, shipped, delivered, return_requested, return_received,
                    return_cancelled, refund_granted, held, reservation_rejected,
                    reservation_closed, backorder_filled, authorised, declined, outcome_unknown,
                    captured, capture_failed, voided, authorisation_expired, refund_pending,
                    refunded, refund_failed, disputed, dispute_closed, parcel_created,
                    parcel_cancelled, parcel_returned, review_cleared, risk_flagged,
                    deadline_reached, refused, carried_out, capture_asked, void_asked)

/// Why a decider refused a step; what makes no difference to the process is `other`.
enum class RefusalReason : std::uint8_t {
    other = 1,
    reservation_closed = 2,
    order_closed = 3,
    already_confirmed = 4,
    already_shipped = 5,
    payment_disputed = 6,
    authorisation_expired = 7,
};
BOOST_DESCRIBE_ENUM(RefusalReason, other, reservation_closed, order_closed, already_confirmed,
                    already_shipped, payment_disputed, authorisation_expired)

/// Setting of the provider: what of an order is captured when a parcel leaves.
enum class CaptureSetting : std::uint8_t {
    per_parcel = 1, ///< what the parcel carries
    once = 2,       ///< everything that is not cancelled, with the first parcel
};
BOOST_DESCRIBE_ENUM(CaptureSetting, per_parcel, once)

/// What to do with a call that the provider's book knows nothing of.
enum class IfNothingFound : std::uint8_t {
    wait = 1,    ///< it may still be on its way
    give_up = 2, ///< call it off, and record an authorisation as declined
};
BOOST_DESCRIBE_ENUM(IfNothingFound, wait, give_up)

} // namespace kontor::checkout
