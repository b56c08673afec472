#include "domain/payment/decide.hpp"

#include "base/assert.hpp"

namespace kontor::payment {

namespace {

Result<void, Rejection> permits_authorise(State const& state, Money amount) {
    if (std::holds_alternative<Refused>(state) || std::holds_alternative<Granted>(state) ||
        std::holds_alternative<AwaitingBuyer>(state))
        return unexpected(Rejection::outcome_known);
    if (amount.is_zero())
        return unexpected(Rejection::nothing_due);
    if (amount.is_negative())
        return unexpected(Rejection::bad_amount);
    return {};
}

bool has_unknown(Granted const& granted, OperationKind operation) {
    for (auto const& unknown : granted.unknowns)
        if (unknown.operation == operation)
            return true;
    return false;
}

Result<void, Rejection> permits_capture(Granted const& granted, Operation const& operation,
                                        Instant now) {
    auto const* const capture = find_capture(granted, CaptureId(operation.id));
    if (capture != nullptr && capture->captured)
        return unexpected(Rejection::outcome_known);
    switch (granted.standing) {
    case Standing::open: break;
    case Standing::done: return unexpected(Rejection::nothing_due);
    case Standing::voided: return unexpected(Rejection::not_authorised);
    case Standing::expired: return unexpected(Rejection::authorisation_expired);
    }
    if (operation.amount.currency() != granted.amount.currency())
        return unexpected(Rejection::currency_mixed);
    if (operation.amount.is_zero())
        return unexpected(Rejection::nothing_due);
    if (operation.amount.is_negative())
        return unexpected(Rejection::bad_amount);
    if (has_unknown(granted, OperationKind::void_))
        return unexpected(Rejection::outcome_unknown);
    if (now >= granted.capture_before)
        return unexpected(Rejection::authorisation_expired);
    if (operation.amount > granted.rest() - possibly_captured(granted, operation.id))
        return unexpected(Rejection::capture_exceeds_authorised);
    return {};
}

Result<void, Rejection> permits_void(Granted const& granted) {
    switch (granted.standing) {
    case Standing::open: break;
    case Standing::done: return unexpected(Rejection::void_after_capture);
    case Standing::voided: return unexpected(Rejection::outcome_known);
    case Standing::expired: return unexpected(Rejection::authorisation_expired);
    }
    if (has_unknown(granted, OperationKind::capture))
        return unexpected(Rejection::outcome_unknown);
    return {};
}

Result<void, Rejection> permits_refund(Granted const& granted, Operation const& operation) {
    auto const* const refund = find_refund(granted, RefundId(operation.id));
    if (refund == nullptr)
        return unexpected(Rejection::unknown_refund);
    switch (refund->standing) {
    case RefundStanding::pending: break;
    case RefundStanding::settled: return unexpected(Rejection::outcome_known);
    case RefundStanding::failed: return unexpected(Rejection::refund_closed);
    }
    if (operation.amount != refund->amount)
        return unexpected(Rejection::bad_amount);
    if (has_open_dispute(granted))
        return unexpected(Rejection::payment_disputed);
    return {};
}

} // namespace

Result<void, Rejection> permits(State const& state, Operation const& operation,
                                Context const& context) {
    if (operation.kind == OperationKind::authorise)
        return permits_authorise(state, operation.amount);
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_payment);
    auto const* const granted = std::get_if<Granted>(&state);
    if (granted == nullptr)
        return unexpected(Rejection::not_authorised);
    switch (operation.kind) {
    case OperationKind::authorise: break;
    case OperationKind::capture: return permits_capture(*granted, operation, context.now);
    case OperationKind::void_: return permits_void(*granted);
    case OperationKind::refund: return permits_refund(*granted, operation);
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::payment
