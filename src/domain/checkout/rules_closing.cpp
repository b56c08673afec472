#include "domain/checkout/rules.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

bool is_in_a_parcel(Parcel const& parcel) {
    return parcel.status != ParcelStatus::arrived && parcel.status != ParcelStatus::gone;
}

bool is_open(Reservation const& reservation) {
    return reservation.hold != Hold::closed;
}

/// How the order is taken back, again where that was not acknowledged in time.
void close_order(Draft& draft, bool again) {
    auto const& state = draft.state();
    if (state.order == OrderStatus::closed)
        return;
    if (state.order == OrderStatus::confirmed || state.order == OrderStatus::completing) {
        // An order that is being edited refuses to be cancelled.
        if (state.edit && (again || !state.edit->abandoning))
            draft.send({.step = Step::abandon_edit});
        if (again || state.closing != Step::cancel_order)
            draft.send({.step = Step::cancel_order});
    } else if (again && state.closing == Step::expire_order) {
        draft.send({.step = Step::expire_order});
    } else if (again || !state.closing) {
        draft.send({.step = Step::reject_order,
                    .number = static_cast<std::uint32_t>(state.reject_reason)});
    }
}

reservation::ReleaseReason release_reason(State const& state) {
    if (state.closing == Step::expire_order)
        return reservation::ReleaseReason::order_expired;
    return state.closing == Step::reject_order ? reservation::ReleaseReason::order_rejected
                                               : reservation::ReleaseReason::order_cancelled;
}

void release_all(Draft& draft, bool again) {
    for (std::size_t i = 0; i < draft.state().reservations.size(); ++i) {
        auto const reservation = draft.state().reservations[i];
        if (is_open(reservation) && (again || !reservation.releasing))
            draft.send({.step = Step::release,
                        .subject = reservation.id.value(),
                        .number = static_cast<std::uint32_t>(release_reason(draft.state()))});
    }
}

void take_parcels_back(Draft& draft, bool again) {
    for (std::size_t i = 0; i < draft.state().parcels.size(); ++i) {
        auto const parcel = draft.state().parcels[i];
        auto const is_due = parcel.status == ParcelStatus::open ||
                            parcel.status == ParcelStatus::pulled ||
                            (again && parcel.status == ParcelStatus::cancelling);
        if (is_due)
            draft.send(
                {.step = Step::cancel_parcel,
                 .subject = parcel.id.value(),
                 .number = static_cast<std::uint32_t>(fulfilment::HoldReason::order_cancelled)});
    }
}

/// A payment without a definite answer is called off at the provider, or voided once it is known.
void look_for_payments(Draft& draft) {
    for (std::size_t i = 0; i < draft.state().payments.size(); ++i) {
        auto const payment = draft.state().payments[i];
        auto const id = payment.id.value();
        if (payment.status != PaymentStatus::asked || draft.waits(Deadline::call, id))
            continue;
        draft.send({.step = Step::find,
                    .subject = id,
                    .other = id,
                    .number = static_cast<std::uint32_t>(payment::OperationKind::authorise),
                    .count = static_cast<std::uint32_t>(IfNothingFound::give_up)});
        draft.wait(Deadline::call, draft.now() + find_pause_max, id);
    }
}

bool is_unwound(State const& state) {
    auto const is_rejected_at_once =
        state.closing == Step::reject_order && state.reject_reason == order::RejectReason::no_stock;
    return (state.order == OrderStatus::closed || is_rejected_at_once) && !is_money_moving(state) &&
           std::ranges::none_of(state.reservations, is_open) &&
           std::ranges::none_of(state.parcels, is_in_a_parcel);
}

bool is_delivered(State const& state) {
    return !is_left_to_ship(state) && !state.services_open && !state.edit &&
           std::ranges::none_of(state.parcels, is_in_a_parcel);
}

bool is_at_rest(State const& state) {
    auto const is_awaited = [](Return const& found) { return found.awaited || found.inspecting; };
    return state.order == OrderStatus::completing && !is_money_moving(state) &&
           std::ranges::none_of(state.returns, is_awaited) && state.waiting.empty();
}

bool is_settled(State const& state) {
    auto const is_open_transfer = [](Transfer const& transfer) { return !transfer.given_up; };
    auto const is_asked = [](Payment const& payment) {
        return payment.status == PaymentStatus::asked;
    };
    return std::ranges::none_of(state.transfers, is_open_transfer) &&
           std::ranges::none_of(state.payments, is_asked) && state.has_shipped;
}

void complete(Draft& draft) {
    auto const& state = draft.state();
    draft.send({.step = Step::complete_order,
                .amount = draft.money(captured(state) - state.refunds),
                .uncollected = draft.money(not_got(state))});
    draft.lift(Deadline::complete);
}

void wait_for_returns(Draft& draft) {
    auto const& input = draft.input();
    auto const id = input.subject.value_or(Id128{});
    if (input.kind == InputKind::return_requested)
        draft.wait(Deadline::return_by, draft.now() + wait_of(Deadline::return_by).lasts, id);
    else if (input.kind == InputKind::return_received && input.count == 0)
        draft.wait(Deadline::inspection, draft.now() + wait_of(Deadline::inspection).lasts, id);
    else if (input.kind == InputKind::disputed)
        draft.wait(Deadline::dispute, *input.at, *input.other);
    else if (input.kind == InputKind::dispute_closed)
        draft.lift(Deadline::dispute, *input.other);
    if (input.kind != InputKind::deadline_reached)
        return;
    if (input.deadline == Deadline::return_by) {
        draft.send({.step = Step::cancel_return, .subject = id});
        draft.wait(Deadline::return_by, draft.now() + Duration::hours(1), id);
    } else if (input.deadline == Deadline::inspection || input.deadline == Deadline::dispute) {
        draft.alarm(*input.deadline, id);
    }
}

/// Parcels that the carrier brings back need a return to come back under.
void request_returns(Draft& draft) {
    for (std::size_t i = 0; i < draft.state().parcels.size(); ++i) {
        auto const& parcel = draft.state().parcels[i];
        if (parcel.status != ParcelStatus::returning)
            continue;
        auto const id = Id128::derive(parcel.id.value(), "return");
        draft.send({.step = Step::request_return,
                    .subject = id,
                    .other = parcel.id.value(),
                    .lines = {parcel.lines.begin(), parcel.lines.end()}});
        draft.wait(Deadline::return_by, draft.now() + wait_of(Deadline::return_by).lasts, id);
    }
}

} // namespace

bool is_closed(State const& state) {
    return state.order == OrderStatus::closed || state.closing.has_value();
}

void take_back(Draft& draft, Step closing, order::RejectReason reason) {
    if (closing == Step::expire_order)
        draft.send({.step = Step::expire_order});
    else
        draft.send({.step = closing,
                    .number = static_cast<std::uint32_t>(reason),
                    .shortages = draft.shortages()});
    draft.go_to(Phase::unwinding);
}

void unwind(Draft& draft) {
    auto const again = draft.input().kind == InputKind::deadline_reached &&
                       draft.input().deadline == Deadline::phase_alarm;
    if (again)
        draft.alarm(Deadline::phase_alarm);
    close_order(draft, again);
    release_all(draft, again);
    take_parcels_back(draft, again);
    go_on_with_money(draft);
    look_for_payments(draft);
    lift_outdated(draft);
    for (auto const deadline :
         {Deadline::ship_by, Deadline::backorder_by, Deadline::edit, Deadline::review,
          Deadline::complete, Deadline::renew, Deadline::buyer_answer})
        draft.lift(deadline);
    if (is_unwound(draft.state()))
        draft.go_to(Phase::done);
    else if (again || !draft.waits(Deadline::phase_alarm))
        draft.wait(Deadline::phase_alarm, draft.now() + unwinding_alarm);
}

void go_on_with_returns(Draft& draft) {
    request_returns(draft);
    wait_for_returns(draft);
}

void finish_order(Draft& draft) {
    lift_outdated(draft);
    auto const& state = draft.state();
    auto const is_refused =
        draft.input().kind == InputKind::refused && draft.input().step == Step::complete_order;
    if (draft.input().kind == InputKind::shipped)
        draft.lift(Deadline::complete);
    if (is_refused)
        draft.wait(Deadline::complete, draft.now() + wait_of(Deadline::complete).lasts);
    else if (state.order == OrderStatus::confirmed && is_delivered(state) && is_settled(state) &&
             !draft.waits(Deadline::complete))
        complete(draft);
    if (is_at_rest(state))
        draft.go_to(Phase::done);
    else if (is_left_to_ship(state) || state.edit)
        draft.go_to(Phase::fulfilling);
    else
        draft.go_to(Phase::settling);
}

} // namespace kontor::checkout
