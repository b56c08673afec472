#include "domain/payment/decide.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::payment {

namespace {

Decision nothing_happens() {
    return Events<Event>{};
}

bool is_above_zero(Money amount) {
    return !amount.is_zero() && !amount.is_negative();
}

// The authorisation that a later outcome belongs to.
Result<Granted const*, Rejection> granted_in(State const& state) {
    if (auto const* const granted = std::get_if<Granted>(&state))
        return granted;
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_payment);
    return unexpected(Rejection::not_authorised);
}

// An amount in the payment's currency, above zero.
Result<void, Rejection> check_amount(Granted const& granted, Money amount) {
    if (amount.currency() != granted.amount.currency())
        return unexpected(Rejection::currency_mixed);
    if (!is_above_zero(amount))
        return unexpected(Rejection::bad_amount);
    return {};
}

bool has_unknown_capture(Granted const& granted) {
    for (auto const& unknown : granted.unknowns)
        if (unknown.operation == OperationKind::capture)
            return true;
    return false;
}

Events<Event> authorised(RecordAuthorised const& command) {
    return facts<Event>(Authorised{command.order_id, command.attempt, command.amount,
                                   command.provider, command.reference, command.capture_before,
                                   command.initiator, command.method});
}

Decision unknown_authorisation(State const& state, RecordUnknown const& command) {
    if (!std::holds_alternative<Nothing>(state) && !std::holds_alternative<AwaitingBuyer>(state))
        return nothing_happens();
    if (!is_above_zero(command.amount))
        return unexpected(Rejection::bad_amount);
    return facts<Event>(
        OutcomeUnknown{command.operation, command.operation_id, command.amount, command.cause});
}

// Whether the call whose outcome is unknown could have changed anything.
Result<bool, Rejection> could_matter(Granted const& granted, RecordUnknown const& command) {
    switch (command.operation) {
    case OperationKind::authorise: return false;
    case OperationKind::capture: {
        auto const* const capture = find_capture(granted, CaptureId(command.operation_id));
        if (granted.standing != Standing::open || (capture != nullptr && capture->captured))
            return false;
        KONTOR_TRY(check_amount(granted, command.amount));
        if (command.amount > granted.rest() - possibly_captured(granted))
            return unexpected(Rejection::capture_exceeds_authorised);
        return true;
    }
    case OperationKind::void_: return granted.standing == Standing::open;
    case OperationKind::refund: {
        auto const* const refund = find_refund(granted, RefundId(command.operation_id));
        if (refund == nullptr)
            return unexpected(Rejection::unknown_refund);
        return refund->standing == RefundStanding::pending;
    }
    }
    KONTOR_UNREACHABLE();
}

} // namespace

Decision decide(State const& state, RecordAuthorised const& command, Context const&) {
    if (!is_above_zero(command.amount))
        return unexpected(Rejection::bad_amount);
    if (auto const* const granted = std::get_if<Granted>(&state)) {
        if (granted->amount != command.amount)
            return unexpected(Rejection::contradicts);
        return nothing_happens();
    }
    if (std::holds_alternative<Refused>(state) && command.source != Source::book)
        return unexpected(Rejection::contradicts);
    return authorised(command);
}

Decision decide(State const& state, RecordDeclined const& command, Context const&) {
    if (std::holds_alternative<Refused>(state))
        return nothing_happens();
    auto const* const granted = std::get_if<Granted>(&state);
    if (granted == nullptr)
        return facts<Event>(
            Declined{command.order_id, command.attempt, command.code, command.may_retry});
    switch (granted->standing) {
    case Standing::voided:
    case Standing::expired: return nothing_happens();
    case Standing::done: return unexpected(Rejection::contradicts);
    case Standing::open: break;
    }
    bool const untouched = granted->captured.is_zero() && !has_unknown_capture(*granted);
    if (command.source != Source::book || !untouched)
        return unexpected(Rejection::contradicts);
    return facts<Event>(Voided{granted->amount, VoidReason::not_in_providers_book});
}

Decision decide(State const& state, RecordActionRequired const& command, Context const&) {
    if (!std::holds_alternative<Nothing>(state) && !std::holds_alternative<Unresolved>(state))
        return nothing_happens();
    return facts<Event>(ActionRequired{command.order_id, command.action_url, command.until});
}

Decision decide(State const& state, RecordUnknown const& command, Context const&) {
    if (command.operation == OperationKind::authorise)
        return unknown_authorisation(state, command);
    KONTOR_TRY(auto const* const granted, granted_in(state));
    if (find_unknown(*granted, command.operation, command.operation_id) != nullptr)
        return nothing_happens();
    KONTOR_TRY(auto const matters, could_matter(*granted, command));
    if (!matters)
        return nothing_happens();
    return facts<Event>(
        OutcomeUnknown{command.operation, command.operation_id, command.amount, command.cause});
}

Decision decide(State const& state, RecordCaptured const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    auto const* const tried = find_capture(*granted, command.capture_id);
    if (tried != nullptr && tried->captured) {
        if (tried->amount != command.amount)
            return unexpected(Rejection::contradicts);
        return nothing_happens();
    }
    KONTOR_TRY(check_amount(*granted, command.amount));
    switch (granted->standing) {
    case Standing::open: break;
    case Standing::done: return unexpected(Rejection::capture_exceeds_authorised);
    case Standing::voided:
    case Standing::expired: return unexpected(Rejection::contradicts);
    }
    if (command.amount > granted->rest())
        return unexpected(Rejection::capture_exceeds_authorised);
    return facts<Event>(
        Captured{command.capture_id, command.amount, command.last, command.fulfilment_id});
}

Decision decide(State const& state, RecordCaptureFailed const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    bool const is_unknown =
        find_unknown(*granted, OperationKind::capture, command.capture_id.value()) != nullptr;
    if (auto const* const tried = find_capture(*granted, command.capture_id)) {
        if (tried->captured)
            return unexpected(Rejection::contradicts);
        if (!is_unknown)
            return nothing_happens();
    }
    return facts<Event>(CaptureFailed{command.capture_id, command.code});
}

Decision decide(State const& state, RecordVoided const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    switch (granted->standing) {
    case Standing::open: break;
    case Standing::done: return unexpected(Rejection::void_after_capture);
    case Standing::voided: return nothing_happens();
    case Standing::expired: return unexpected(Rejection::authorisation_expired);
    }
    if (has_unknown_capture(*granted))
        return unexpected(Rejection::outcome_unknown);
    return facts<Event>(Voided{granted->rest(), command.reason});
}

Decision decide(State const& state, RecordAuthorisationExpired const& command,
                Context const& context) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    if (granted->standing != Standing::open)
        return nothing_happens();
    if (context.now < granted->capture_before)
        return unexpected(Rejection::too_early);
    auto const answered = command.instead_of.value_or(CaptureId()).value();
    auto const is_capture = [](Unknown const& unknown) {
        return unknown.operation == OperationKind::capture;
    };
    bool const is_one_open = std::ranges::any_of(granted->unknowns, [&](Unknown const& unknown) {
        return is_capture(unknown) && unknown.operation_id == answered;
    });
    auto const open = std::ranges::count_if(granted->unknowns, is_capture);
    if (open == (is_one_open ? 1 : 0))
        return facts<Event>(AuthorisationExpired{granted->rest()});
    if (!is_one_open)
        return unexpected(Rejection::outcome_unknown);
    return facts<Event>(CaptureFailed{*command.instead_of, ProviderCode("authorisation_expired")});
}

Decision decide(State const& state, Refund const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    KONTOR_TRY(check_amount(*granted, command.amount));
    if (auto const* const refund = find_refund(*granted, command.refund_id)) {
        if (refund->amount != command.amount)
            return unexpected(Rejection::bad_amount);
        if (refund->standing == RefundStanding::failed)
            return unexpected(Rejection::refund_closed);
        return nothing_happens();
    }
    if (has_open_dispute(*granted))
        return unexpected(Rejection::payment_disputed);
    if (command.amount > refundable(*granted))
        return unexpected(Rejection::refund_exceeds_captured);
    return facts<Event>(RefundPending{command.refund_id, command.amount});
}

Decision decide(State const& state, RecordRefunded const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    auto const* const refund = find_refund(*granted, command.refund_id);
    if (refund == nullptr)
        return unexpected(Rejection::unknown_refund);
    if (refund->amount != command.amount)
        return unexpected(Rejection::bad_amount);
    if (refund->standing == RefundStanding::settled)
        return nothing_happens();
    bool const overrules = command.source == Source::book && command.amount <= refundable(*granted);
    if (refund->standing == RefundStanding::failed && !overrules)
        return unexpected(Rejection::contradicts);
    return facts<Event>(Refunded{command.refund_id, command.amount, command.reference});
}

Decision decide(State const& state, RecordRefundFailed const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    auto const* const refund = find_refund(*granted, command.refund_id);
    if (refund == nullptr)
        return unexpected(Rejection::unknown_refund);
    switch (refund->standing) {
    case RefundStanding::pending: break;
    case RefundStanding::settled: return unexpected(Rejection::contradicts);
    case RefundStanding::failed: return nothing_happens();
    }
    return facts<Event>(RefundFailed{command.refund_id, command.code});
}

Decision decide(State const& state, RecordDisputed const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    KONTOR_TRY(check_amount(*granted, command.amount));
    if (find_dispute(*granted, command.dispute_id) != nullptr)
        return nothing_happens();
    if (command.amount > disputable(*granted))
        return unexpected(Rejection::bad_amount);
    return facts<Event>(Disputed{command.dispute_id, command.amount, command.answer_by});
}

Decision decide(State const& state, RecordDisputeClosed const& command, Context const&) {
    KONTOR_TRY(auto const* const granted, granted_in(state));
    auto const* const dispute = find_dispute(*granted, command.dispute_id);
    if (dispute == nullptr)
        return unexpected(Rejection::unknown_dispute);
    if (dispute->outcome == command.outcome)
        return nothing_happens();
    if (dispute->outcome)
        return unexpected(Rejection::contradicts);
    return facts<Event>(DisputeClosed{command.dispute_id, command.outcome});
}

} // namespace kontor::payment
