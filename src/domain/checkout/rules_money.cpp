#include "domain/checkout/decide.hpp"
#include "domain/checkout/rules.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

bool is_open_capture(Transfer const& transfer) {
    return transfer.step == Step::capture && !transfer.given_up;
}

std::int64_t capturing(State const& state) {
    std::int64_t sum = 0;
    for (auto const& transfer : state.transfers)
        if (is_open_capture(transfer))
            sum += transfer.amount;
    return sum;
}

std::int64_t capturing_of(State const& state, Payment const& payment) {
    std::int64_t sum = 0;
    for (auto const& transfer : state.transfers)
        if (is_open_capture(transfer) && transfer.payment_id == payment.id)
            sum += transfer.amount;
    return sum;
}

std::int64_t room(State const& state, Payment const& payment) {
    if (payment.status != PaymentStatus::authorised)
        return 0;
    return payment.held - payment.captured - capturing_of(state, payment);
}

std::int64_t to_capture(State const& state) {
    return std::max<std::int64_t>(0, missing(state) - capturing(state));
}

bool is_asking(State const& state) {
    return std::ranges::any_of(state.payments, [](Payment const& payment) {
        return payment.status == PaymentStatus::asked;
    });
}

void capture_from(Draft& draft, Payment const& payment, std::int64_t amount) {
    auto const& state = draft.state();
    auto const cause = state.last_cause;
    auto const last = !is_left_to_ship(state) && capturing_of(state, payment) == 0;
    auto const id = Id128::derive(cause, "capture", payment.attempt);
    if (std::ranges::any_of(state.transfers, [&](auto const& open) { return open.id == id; }))
        return;
    draft.send({.step = Step::capture,
                .subject = id,
                .other = cause,
                .number = payment.attempt,
                .count = last ? 1U : 0U,
                .amount = draft.money(amount)});
    draft.wait(Deadline::call, draft.now() + wait_of(Deadline::call).lasts, id);
}

void capture_due(Draft& draft, Payment const& payment) {
    auto const amount = std::min(to_capture(draft.state()), room(draft.state(), payment));
    if (amount > 0)
        capture_from(draft, payment, amount);
}

void capture_missing(Draft& draft) {
    // What was asked for by name goes first.
    if (draft.input().kind == InputKind::capture_asked)
        for (auto const& payment : draft.state().payments)
            if (payment.id.value() == draft.input().subject) {
                auto const named = payment;
                capture_due(draft, named);
                break;
            }
    // The list does not change here; its payments do not, either.
    for (std::size_t i = 0; i < draft.state().payments.size(); ++i) {
        auto const payment = draft.state().payments[i];
        capture_due(draft, payment);
    }
    auto const& state = draft.state();
    if (to_capture(state) > 0 && !is_asking(state))
        authorise_own(draft, PaymentUse::late, to_capture(state));
}

void void_payment(Draft& draft, Payment const& payment, payment::VoidReason reason) {
    draft.send({.step = Step::void_,
                .subject = payment.id.value(),
                .number = static_cast<std::uint32_t>(reason)});
    draft.wait(Deadline::call, draft.now() + wait_of(Deadline::call).lasts, payment.id.value());
}

void void_asked(Draft& draft) {
    if (draft.input().kind != InputKind::void_asked)
        return;
    for (std::size_t i = 0; i < draft.state().payments.size(); ++i) {
        auto const payment = draft.state().payments[i];
        if (payment.id.value() == draft.input().subject &&
            payment.status == PaymentStatus::authorised)
            void_payment(draft, payment, payment::VoidReason::rest_unused);
    }
}

void void_unused(Draft& draft) {
    auto const& state = draft.state();
    auto const is_over =
        state.has_shipped && !is_left_to_ship(state) && to_capture(state) == 0 && !state.edit;
    for (std::size_t i = 0; i < state.payments.size(); ++i) {
        auto const payment = state.payments[i];
        if (payment.status != PaymentStatus::authorised || capturing_of(state, payment) > 0)
            continue;
        if (is_closed(state))
            void_payment(draft, payment, payment::VoidReason::compensation);
        else if (payment.superseded)
            void_payment(draft, payment, payment::VoidReason::superseded);
        else if (is_over)
            void_payment(draft, payment, payment::VoidReason::rest_unused);
    }
}

void refund_from(Draft& draft, Payment const& payment, std::int64_t amount, order::RefundKind kind,
                 std::optional<Id128> return_id) {
    auto const& state = draft.state();
    auto const id = Id128::derive(state.order_id.value(), "refund", state.refunds_made);
    draft.send({.step = Step::refund,
                .subject = id,
                .other = return_id,
                .number = payment.attempt,
                .count = static_cast<std::uint32_t>(kind),
                .amount = draft.money(amount)});
    draft.wait(Deadline::call, draft.now() + wait_of(Deadline::call).lasts, id);
}

/// Gives back `amount`, the newest payment first, as far as something was captured.
void refund(Draft& draft, std::int64_t amount, order::RefundKind kind,
            std::optional<Id128> return_id) {
    for (auto i = draft.state().payments.size(); i-- > 0 && amount > 0;) {
        auto const payment = draft.state().payments[i];
        auto const part = std::min(amount, payment.captured - payment.refunded);
        if (part <= 0)
            continue;
        refund_from(draft, payment, part, kind, return_id);
        amount -= part;
    }
}

/// What came back and is not refunded yet, as far as it was ever paid: what the buyer owes for
/// goods that were kept goes first.
std::int64_t paid_of_returned(State const& state) {
    std::int64_t owed = 0;
    for (auto const& found : state.returns)
        owed += found.owed;
    return captured(state) - state.given_back - (earned(state) - owed);
}

void refund_owed(Draft& draft) {
    auto const& state = draft.state();
    auto const too_much = captured(state) - state.given_back - earned(state);
    if (too_much > 0)
        refund(draft, too_much,
               is_closed(state) ? order::RefundKind::compensation : order::RefundKind::cancel, {});
    for (std::size_t i = 0; i < draft.state().returns.size(); ++i) {
        auto const found = draft.state().returns[i];
        auto const paid = std::min(found.owed, paid_of_returned(draft.state()));
        if (paid > 0)
            refund(draft, paid, order::RefundKind::return_, found.id.value());
    }
}

/// A day before an authorisation ends the rest is authorised anew; what lives shorter than that is
/// authorised anew when a parcel leaves.
void renew(Draft& draft) {
    auto const& state = draft.state();
    auto const lead = wait_of(Deadline::renew).lasts;
    auto const may_end = is_left_to_ship(state) && !is_closed(state);
    for (std::size_t i = 0; i < state.payments.size(); ++i) {
        auto const payment = state.payments[i];
        auto const at = payment.capture_before - lead;
        auto const is_fresh = draft.input().kind == InputKind::authorised ||
                              draft.input().kind == InputKind::order_confirmed;
        if (!may_end || payment.status != PaymentStatus::authorised || payment.superseded)
            draft.lift(Deadline::renew, payment.id.value());
        else if (is_fresh && at > draft.now())
            draft.wait_while(true, Deadline::renew, at, payment.id.value());
    }
    if (draft.input().deadline == Deadline::renew && may_end) {
        auto const rest = state.total - captured(state) + state.given_back - capturing(state);
        if (rest > 0 && !is_asking(state))
            authorise_own(draft, PaymentUse::renewal, rest);
    }
    auto const* const payment =
        draft.input().kind == InputKind::declined
            ? find_payment(const_cast<State&>(state), *draft.input().subject)
            : nullptr;
    if (may_end && payment != nullptr && payment->use == PaymentUse::renewal) {
        draft.send({.step = Step::ask_buyer, .subject = payment->id.value()});
        draft.wait(Deadline::buyer_answer, draft.now() + wait_of(Deadline::buyer_answer).lasts);
    }
}

} // namespace

std::int64_t earned(State const& state) {
    if (is_closed(state))
        return 0;
    auto const ahead = std::min(state.ahead, state.total);
    if (state.capture == CaptureSetting::once)
        return state.has_shipped ? state.total : ahead;
    return std::max(state.shipped, ahead);
}

Money capturable(State const& state, PaymentId id) {
    std::int64_t most = 0;
    for (auto const& payment : state.payments)
        if (payment.id == id)
            most = std::min(room(state, payment), state.total - earned(state));
    return Money::of(std::max<std::int64_t>(0, most), state.currency);
}

bool is_calling(State const& state, PaymentId id) {
    return std::ranges::any_of(state.payments, [&](Payment const& payment) {
        return payment.id == id &&
               (payment.status == PaymentStatus::voiding || capturing_of(state, payment) > 0);
    });
}

std::int64_t captured(State const& state) {
    std::int64_t sum = 0;
    for (auto const& payment : state.payments)
        sum += payment.captured;
    return sum;
}

std::int64_t missing(State const& state) {
    return std::max<std::int64_t>(0, not_got(state) - state.uncollected);
}

std::int64_t not_got(State const& state) {
    auto const net = captured(state) - state.given_back;
    // What came back and was never captured is not owed any more.
    std::int64_t returned = 0;
    for (auto const& found : state.returns)
        returned += found.owed;
    return std::max<std::int64_t>(0, earned(state) - net - returned);
}

bool is_money_moving(State const& state) {
    auto const is_moving = [](Payment const& payment) {
        return payment.status == PaymentStatus::asked ||
               payment.status == PaymentStatus::authorised ||
               payment.status == PaymentStatus::voiding;
    };
    auto const is_open = [](Transfer const& transfer) { return !transfer.given_up; };
    return std::ranges::any_of(state.payments, is_moving) ||
           std::ranges::any_of(state.transfers, is_open);
}

void authorise_own(Draft& draft, PaymentUse use, std::int64_t amount) {
    auto const& state = draft.state();
    if (state.own_payments >= own_payments_max)
        return;
    auto const attempt = own_attempts_from + state.own_payments;
    auto const id = payment_id(state.order_id, attempt).value();
    draft.send({.step = Step::authorise,
                .subject = id,
                .number = attempt,
                .count = static_cast<std::uint32_t>(use),
                .amount = draft.money(amount)});
    draft.wait(Deadline::call, draft.now() + wait_of(Deadline::call).lasts, id);
}

void go_on_with_money(Draft& draft) {
    void_asked(draft);
    if (!is_closed(draft.state())) {
        renew(draft);
        capture_missing(draft);
    }
    void_unused(draft);
    refund_owed(draft);
}

} // namespace kontor::checkout
