#pragma once

/// The rules of one attempt to be paid: what may be asked of the provider, and what its outcomes
/// mean.
///
/// An outcome is a fact of the provider: recorded once, whoever brings it (answer, webhook, book)
/// and however late. One that contradicts what is recorded is refused until the provider's own book
/// says the same; money that moved is never unmoved here, but by a refund.
/// Source: DOMAIN sections 6 and 8.

#include "domain/payment/commands.hpp"
#include "domain/payment/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::payment {

enum class Rejection : std::uint8_t {
    unknown_payment,       ///< nothing was ever recorded
    not_authorised,        ///< no authorisation is there, or it was given up
    authorisation_expired, ///< the provider let the money go
    capture_exceeds_authorised,
    void_after_capture, ///< nothing is left to give up
    payment_disputed,   ///< the bank decides first
    nothing_due,        ///< there is nothing to ask for
    currency_mixed,
    bad_amount,              ///< not above zero, or not the amount that was asked
    refund_exceeds_captured, ///< above captured, less settled, pending and lost
    contradicts,             ///< another outcome is recorded: look it up in the provider's book
    outcome_unknown,         ///< an earlier call has no outcome yet: resolve it first
    outcome_known,           ///< the outcome is recorded: do not call again
    too_early,               ///< the authorisation lives on
    unknown_refund,
    refund_closed, ///< this refund failed: ask for another
    unknown_dispute,
    nothing_to_retry ///< no call for it waits to be made again
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_payment, not_authorised, authorisation_expired,
                    capture_exceeds_authorised, void_after_capture, payment_disputed, nothing_due,
                    currency_mixed, bad_amount, refund_exceeds_captured, contradicts,
                    outcome_unknown, outcome_known, too_early, unknown_refund, refund_closed,
                    unknown_dispute, nothing_to_retry)

using Decision = DecisionOf<Event, Rejection>;

/// A call to the provider that somebody wants to make. `id` is the capture or refund; for the
/// others it is the payment.
struct Operation {
    OperationKind kind{OperationKind::authorise};
    Id128 id;
    Money amount;
};

/// Whether the provider may be called. The same call may be repeated under the same key until its
/// outcome is recorded.
/// Errors: nothing_due, bad_amount, currency_mixed, unknown_payment, not_authorised,
/// authorisation_expired, capture_exceeds_authorised, void_after_capture, payment_disputed,
/// unknown_refund, refund_closed, outcome_unknown, outcome_known.
Result<void, Rejection> permits(State const& state, Operation const& operation,
                                Context const& context);

/// Errors: bad_amount, contradicts.
Decision decide(State const& state, RecordAuthorised const& command, Context const& context);
/// Errors: contradicts.
Decision decide(State const& state, RecordDeclined const& command, Context const& context);
/// Errors: none; a page that comes after the outcome is out of date.
Decision decide(State const& state, RecordActionRequired const& command, Context const& context);
/// Errors: unknown_payment, not_authorised, unknown_refund, bad_amount, currency_mixed,
/// capture_exceeds_authorised.
Decision decide(State const& state, RecordUnknown const& command, Context const& context);
/// Errors: unknown_payment, not_authorised, bad_amount, currency_mixed, capture_exceeds_authorised,
/// contradicts.
Decision decide(State const& state, RecordCaptured const& command, Context const& context);
/// Errors: unknown_payment, not_authorised, contradicts.
Decision decide(State const& state, RecordCaptureFailed const& command, Context const& context);
/// Errors: unknown_payment, not_authorised, void_after_capture, outcome_unknown,
/// authorisation_expired.
Decision decide(State const& state, RecordVoided const& command, Context const& context);
/// Errors: unknown_payment, not_authorised, outcome_unknown, too_early.
Decision decide(State const& state, RecordAuthorisationExpired const& command,
                Context const& context);
/// Errors: unknown_payment, not_authorised, bad_amount, currency_mixed, payment_disputed,
/// refund_exceeds_captured, refund_closed.
Decision decide(State const& state, Refund const& command, Context const& context);
/// Errors: unknown_payment, unknown_refund, bad_amount, contradicts.
Decision decide(State const& state, RecordRefunded const& command, Context const& context);
/// Errors: unknown_payment, unknown_refund, contradicts.
Decision decide(State const& state, RecordRefundFailed const& command, Context const& context);
/// Errors: unknown_payment, not_authorised, bad_amount, currency_mixed.
Decision decide(State const& state, RecordDisputed const& command, Context const& context);
/// Errors: unknown_payment, unknown_dispute, contradicts.
Decision decide(State const& state, RecordDisputeClosed const& command, Context const& context);

} // namespace kontor::payment
