#include "domain/checkout/rules.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

Duration doubling(Duration first, std::uint32_t times, Duration max) {
    return std::min(max, first * (std::int64_t{1} << std::min(times, 20U)));
}

/// To find out, or to make the call again with the same key, in turns: what never arrived is found
/// nowhere, and what did is not done twice.
bool should_repeat(std::uint32_t tries) {
    return tries > finds_before_repeating && tries % 2 == 0;
}

void find(Draft& draft, PaymentId payment, payment::OperationKind operation, Id128 id,
          IfNothingFound if_nothing) {
    draft.send({.step = Step::find,
                .subject = payment.value(),
                .other = id,
                .number = static_cast<std::uint32_t>(operation),
                .count = static_cast<std::uint32_t>(if_nothing)});
}

void wait_for_call(Draft& draft, Id128 id, std::uint32_t tries) {
    draft.wait(Deadline::call, draft.now() + doubling(Duration::seconds(1), tries, find_pause_max),
               id);
}

void ask_again(Draft& draft, Payment const& payment) {
    auto const id = payment.id.value();
    auto const give_up =
        is_closed(draft.state()) || (payment.use != PaymentUse::offer && payment.tries > finds_max);
    if (!give_up && should_repeat(payment.tries))
        draft.send({.step = Step::authorise,
                    .subject = id,
                    .number = payment.attempt,
                    .count = static_cast<std::uint32_t>(payment.use),
                    .amount = draft.money(payment.asked)});
    else
        find(draft, payment.id, payment::OperationKind::authorise, id,
             give_up ? IfNothingFound::give_up : IfNothingFound::wait);
    wait_for_call(draft, id, payment.tries);
}

void void_again(Draft& draft, Payment const& payment) {
    draft.send({.step = Step::void_,
                .subject = payment.id.value(),
                .number = static_cast<std::uint32_t>(payment::VoidReason::rest_unused)});
    draft.wait(Deadline::call, draft.now() + wait_of(Deadline::call).lasts, payment.id.value());
}

/// A capture that was refused is tried again after a pause, and once more when the authorisation
/// ends.
void wait_for_refused_capture(Draft& draft, Transfer const& transfer, std::uint32_t times) {
    auto until = draft.now() + doubling(capture_pause_first, times, capture_pause_max);
    for (auto const& payment : draft.state().payments)
        if (payment.id == transfer.payment_id)
            until = std::min(until, payment.capture_before);
    draft.wait(Deadline::call, until, transfer.id);
}

void wait_for_refused_capture(Draft& draft, Id128 id) {
    for (auto const& transfer : draft.state().transfers)
        if (transfer.id == id) {
            wait_for_refused_capture(draft, transfer, transfer.refusals - 1U);
            return;
        }
}

void capture_again(Draft& draft, Transfer const& transfer, std::uint32_t attempt) {
    if (transfer.given_up) {
        if (transfer.ahead + transfer.uncollected > 0) // else nothing of it is due any more
            draft.alarm(Deadline::call, transfer.id);
        return;
    }
    if (transfer.unknown && !should_repeat(transfer.tries)) {
        find(draft, transfer.payment_id, payment::OperationKind::capture, transfer.id,
             IfNothingFound::wait);
        wait_for_call(draft, transfer.id, transfer.tries);
        return;
    }
    draft.send({.step = Step::capture,
                .subject = transfer.id,
                .other = transfer.cause,
                .number = attempt,
                .count = transfer.last ? 1U : 0U,
                .amount = draft.money(transfer.amount)});
    if (transfer.refusals > 0 && !transfer.unknown)
        wait_for_refused_capture(draft, transfer, transfer.tries);
    else
        draft.wait(Deadline::call, draft.now() + wait_of(Deadline::call).lasts, transfer.id);
}

void refund_again(Draft& draft, Transfer const& transfer, std::uint32_t attempt) {
    if (transfer.pending || (transfer.unknown && !should_repeat(transfer.tries))) {
        find(draft, transfer.payment_id, payment::OperationKind::refund, transfer.id,
             IfNothingFound::wait);
        if (transfer.pending) {
            draft.alarm(Deadline::call, transfer.id);
            draft.wait(Deadline::call, draft.now() + refund_pause, transfer.id);
        } else {
            wait_for_call(draft, transfer.id, transfer.tries);
        }
        return;
    }
    auto const is_for_return = transfer.kind == order::RefundKind::return_;
    draft.send({.step = Step::refund,
                .subject = transfer.id,
                .other = is_for_return ? std::optional(transfer.cause) : std::nullopt,
                .number = attempt,
                .count = static_cast<std::uint32_t>(transfer.kind),
                .amount = draft.money(transfer.amount)});
    draft.wait(Deadline::call, draft.now() + wait_of(Deadline::call).lasts, transfer.id);
}

void call_again(Draft& draft, Id128 id) {
    for (std::size_t i = 0; i < draft.state().payments.size(); ++i) {
        auto const payment = draft.state().payments[i];
        if (payment.id.value() != id)
            continue;
        if (payment.status == PaymentStatus::asked)
            ask_again(draft, payment);
        else if (payment.status == PaymentStatus::voiding)
            void_again(draft, payment);
    }
    for (std::size_t i = 0; i < draft.state().transfers.size(); ++i) {
        auto const transfer = draft.state().transfers[i];
        if (transfer.id != id || transfer.blocked)
            continue;
        std::uint32_t attempt = 0;
        for (auto const& payment : draft.state().payments)
            if (payment.id == transfer.payment_id)
                attempt = payment.attempt;
        if (transfer.step == Step::capture)
            capture_again(draft, transfer, attempt);
        else
            refund_again(draft, transfer, attempt);
    }
}

bool is_awaited(State const& state, Waiting const& waiting) {
    auto const id = waiting.subject;
    auto const with = [&](auto const& range, auto const& holds) {
        return std::ranges::any_of(range, holds);
    };
    if (waiting.deadline == Deadline::call)
        return with(state.payments,
                    [&](Payment const& payment) {
                        return payment.id.value() == id &&
                               (payment.status == PaymentStatus::asked ||
                                payment.status == PaymentStatus::voiding);
                    }) ||
               with(state.transfers, [&](Transfer const& transfer) {
                   return transfer.id == id && !transfer.blocked && !transfer.given_up;
               });
    if (waiting.deadline == Deadline::delivery)
        return with(state.parcels, [&](Parcel const& parcel) {
            return parcel.id.value() == id && parcel.status == ParcelStatus::shipped;
        });
    if (waiting.deadline == Deadline::return_by)
        return with(state.returns,
                    [&](Return const& found) { return found.id.value() == id && found.awaited; });
    if (waiting.deadline == Deadline::inspection)
        return with(state.returns, [&](Return const& found) {
            return found.id.value() == id && found.inspecting;
        });
    if (waiting.deadline == Deadline::renew || waiting.deadline == Deadline::buyer_answer)
        return is_left_to_ship(state);
    return true;
}

} // namespace

void go_on_with_calls(Draft& draft) {
    auto const& input = draft.input();
    auto const id = input.other.value_or(input.subject.value_or(Id128{}));
    if (input.kind == InputKind::deadline_reached && input.deadline == Deadline::call)
        call_again(draft, input.subject.value_or(Id128{}));
    else if (input.kind == InputKind::outcome_unknown)
        draft.wait(Deadline::call, draft.now() + Duration::seconds(1), id);
    else if (input.kind == InputKind::capture_failed)
        wait_for_refused_capture(draft, id);
    else if (input.kind == InputKind::refund_pending)
        draft.wait(Deadline::call, draft.now() + refund_pause, id);
    else if (input.kind == InputKind::dispute_closed)
        for (auto const& transfer : draft.state().transfers)
            if (transfer.step == Step::refund && !transfer.pending)
                draft.wait(Deadline::call, draft.now(), transfer.id);
}

void lift_outdated(Draft& draft) {
    auto const waiting = draft.state().waiting;
    for (auto const& entry : waiting)
        if (!is_awaited(draft.state(), entry))
            draft.lift(entry.deadline, entry.subject);
}

} // namespace kontor::checkout
