#include "domain/checkout/rules.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

Reservation const* open_reservation(State const& state) {
    for (auto const& reservation : state.reservations)
        if (reservation.hold != Hold::closed && reservation.attempt < own_attempts_from)
            return &reservation;
    return nullptr;
}

bool needs_goods(State const& state) {
    return !state.goods.empty();
}

bool is_reserved(State const& state) {
    auto const* const reservation = open_reservation(state);
    return !needs_goods(state) || (reservation != nullptr && reservation->hold != Hold::asked);
}

Payment const* paying(State const& state) {
    for (auto const& payment : state.payments)
        if (payment.status == PaymentStatus::authorised && payment.held == state.total)
            return &payment;
    return nullptr;
}

bool is_paid(State const& state) {
    return state.total == 0 || paying(state) != nullptr;
}

Payment const* asked_payment(State const& state) {
    for (auto const& payment : state.payments)
        if (payment.status == PaymentStatus::asked)
            return &payment;
    return nullptr;
}

void send_reserve(Draft& draft, std::uint32_t attempt) {
    std::vector<LineQuantity> lines;
    for (auto const& goods : draft.state().goods)
        if (goods.unpromised > 0)
            lines.push_back({goods.line, Quantity::of(goods.unpromised)});
    auto const until = std::max(draft.state().pay_by, draft.now() + Duration::minutes(15));
    draft.send({.step = Step::reserve,
                .subject = reservation_id(draft.state().order_id, attempt).value(),
                .number = attempt,
                .at = attempt == 1 ? draft.state().pay_by : until,
                .lines = std::move(lines)});
}

void send_authorise(Draft& draft, std::uint32_t attempt) {
    draft.send({.step = Step::authorise,
                .subject = payment_id(draft.state().order_id, attempt).value(),
                .number = attempt,
                .count = static_cast<std::uint32_t>(PaymentUse::offer),
                .amount = draft.money(draft.state().total)});
}

void send_confirm(Draft& draft) {
    auto const& state = draft.state();
    auto const* const payment = paying(state);
    auto const* const reservation = open_reservation(state);
    std::optional<Id128> paid_by;
    std::optional<Id128> held_by;
    if (payment != nullptr && state.total > 0)
        paid_by = payment->id.value();
    if (reservation != nullptr)
        held_by = reservation->id.value();
    draft.send({.step = Step::confirm_order, .subject = paid_by, .other = held_by});
}

/// What holds another amount than was asked is no payment of this order.
void void_wrong_amounts(Draft& draft) {
    for (std::size_t i = 0; i < draft.state().payments.size(); ++i) {
        auto const payment = draft.state().payments[i];
        if (payment.status != PaymentStatus::authorised || payment.held == draft.state().total)
            continue;
        draft.send({.step = Step::void_,
                    .subject = payment.id.value(),
                    .number = static_cast<std::uint32_t>(payment::VoidReason::wrong_amount)});
    }
}

/// While the outcome of a payment is open, its goods stay promised: once, for half an hour more.
void extend_hold(Draft& draft, Instant until) {
    auto const* const reservation = open_reservation(draft.state());
    if (reservation != nullptr && reservation->hold == Hold::held && !reservation->extended)
        draft.send({.step = Step::extend_hold, .subject = reservation->id.value(), .at = until});
}

} // namespace

void reserve_goods(Draft& draft) {
    auto const& state = draft.state();
    if (is_reserved(state)) {
        draft.go_to(is_paid(state) ? Phase::confirming : Phase::authorising);
        return;
    }
    if (open_reservation(state) != nullptr)
        return;
    auto const attempts = static_cast<std::uint32_t>(state.reservations.size());
    auto const is_sold_out = draft.input().kind == InputKind::reservation_rejected;
    if (attempts == 0 || (attempts == 1 && !is_sold_out)) {
        send_reserve(draft, attempts + 1);
        draft.wait(Deadline::phase_alarm, draft.now() + wait_of(Deadline::phase_alarm).lasts);
        return;
    }
    take_back(draft, Step::reject_order,
              attempts == 1 ? order::RejectReason::no_stock
                            : order::RejectReason::sold_out_while_paying);
}

void authorise_offer(Draft& draft) {
    auto const& state = draft.state();
    if (is_paid(state)) {
        draft.go_to(Phase::confirming);
        return;
    }
    void_wrong_amounts(draft);
    if (auto const* const asked = asked_payment(state)) {
        if (asked->unknown)
            draft.go_to(Phase::resolving);
        else if (draft.now() >= state.pay_by)
            take_back(draft, Step::expire_order);
        else
            draft.wait_while(true, Deadline::pay_by, state.pay_by);
        return;
    }
    if (draft.now() >= state.pay_by)
        take_back(draft, Step::expire_order);
    else if (state.offers > state.offers_used && state.offers_used < offers_max) {
        send_authorise(draft, state.offers_used + 1U);
        draft.wait_while(true, Deadline::pay_by, state.pay_by);
    } else if (state.offers_used >= offers_max)
        take_back(draft, Step::reject_order, order::RejectReason::payment_declined);
    else
        draft.wait_while(true, Deadline::pay_by, state.pay_by);
}

void resolve_payment(Draft& draft) {
    auto const& state = draft.state();
    auto const* const asked = asked_payment(state);
    if (asked == nullptr || !asked->unknown) {
        draft.lift(Deadline::call, asked != nullptr ? asked->id.value() : Id128{});
        draft.go_to(is_paid(state) ? Phase::confirming : Phase::authorising);
        return;
    }
    auto const until = state.pay_by + wait_of(Deadline::resolve_by).lasts;
    if (draft.now() >= until || draft.input().deadline == Deadline::resolve_by) {
        take_back(draft, Step::reject_order, order::RejectReason::payment_unresolved);
        return;
    }
    extend_hold(draft, until);
    auto const latest = std::min(until, draft.now() + wait_of(Deadline::resolve_by).lasts);
    draft.wait_while(true, Deadline::resolve_by, latest);
}

void confirm(Draft& draft) {
    auto const& state = draft.state();
    if (state.order == OrderStatus::confirmed) {
        draft.go_to(Phase::fulfilling);
        return;
    }
    if (!is_reserved(state)) {
        draft.go_to(Phase::reserving);
        return;
    }
    if (!is_paid(state)) {
        draft.go_to(Phase::authorising);
        return;
    }
    if (!state.confirm_sent)
        send_confirm(draft);
    draft.wait_while(true, Deadline::phase_alarm,
                     draft.now() + wait_of(Deadline::phase_alarm).lasts);
}

void repeat_phase(Draft& draft) {
    auto const phase = draft.state().phase;
    draft.alarm(Deadline::phase_alarm);
    if (phase == Phase::reserving)
        send_reserve(draft, static_cast<std::uint32_t>(draft.state().reservations.size()));
    else if (phase == Phase::confirming)
        send_confirm(draft);
    draft.wait(Deadline::phase_alarm, draft.now() + wait_of(Deadline::phase_alarm).lasts);
}

} // namespace kontor::checkout
