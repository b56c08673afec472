#include "domain/checkout/rules.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

enum class Progress : std::uint8_t { not_needed, wanted, asked, there, failed };

std::uint32_t edit_attempt(State const& state) {
    return own_attempts_from + state.edits;
}

Progress reservation_of_edit(State const& state) {
    auto const needs = std::ranges::any_of(
        state.edit->added, [](order::Line const& line) { return line.kind == SkuKind::goods; });
    if (!needs)
        return Progress::not_needed;
    for (auto const& reservation : state.reservations) {
        if (reservation.attempt != edit_attempt(state))
            continue;
        if (reservation.hold == Hold::closed)
            return Progress::failed;
        return reservation.hold == Hold::asked ? Progress::asked : Progress::there;
    }
    return Progress::wanted;
}

/// The newest payment that was made for the edit which is open.
Payment const* edit_payment(State const& state) {
    for (auto payment = state.payments.rbegin(); payment != state.payments.rend(); ++payment)
        if (payment->use == PaymentUse::edit && !payment->superseded &&
            payment->edit == state.edits)
            return &*payment;
    return nullptr;
}

Progress payment_of_edit(State const& state) {
    if (state.edit->delta <= 0)
        return Progress::not_needed;
    auto const* const payment = edit_payment(state);
    if (payment == nullptr)
        return Progress::wanted;
    if (payment->status == PaymentStatus::asked)
        return Progress::asked;
    auto const is_right =
        payment->status == PaymentStatus::authorised && payment->held == state.edit->delta;
    return is_right ? Progress::there : Progress::failed;
}

void commit(Draft& draft) {
    auto const& state = draft.state();
    auto const* const payment = edit_payment(state);
    std::optional<Id128> paid_by;
    std::optional<Id128> held_by;
    if (state.edit->delta > 0 && payment != nullptr)
        paid_by = payment->id.value();
    if (reservation_of_edit(state) == Progress::there)
        held_by = reservation_id(state.order_id, edit_attempt(state)).value();
    draft.send({.step = Step::commit_edit, .subject = paid_by, .other = held_by});
}

void go_on_with_open_edit(Draft& draft) {
    auto const& edit = *draft.state().edit;
    auto const reservation = reservation_of_edit(draft.state());
    auto const payment = payment_of_edit(draft.state());
    auto const is_out_of_time = draft.input().deadline == Deadline::edit;
    if (edit.failed || reservation == Progress::failed || payment == Progress::failed ||
        is_out_of_time) {
        if (!edit.abandoning || is_out_of_time)
            draft.send({.step = Step::abandon_edit});
        draft.wait(Deadline::edit, draft.now() + Duration::minutes(5));
        return;
    }
    if (!edit.asked || edit.committing)
        return;
    if (reservation == Progress::wanted)
        draft.send(
            {.step = Step::reserve,
             .subject = reservation_id(draft.state().order_id, edit_attempt(draft.state())).value(),
             .number = edit_attempt(draft.state()),
             .at = draft.now() + Duration::minutes(30)});
    if (payment == Progress::wanted)
        authorise_own(draft, PaymentUse::edit, edit.delta);
    auto const is_ready = [](Progress progress) {
        return progress == Progress::not_needed || progress == Progress::there;
    };
    if (is_ready(reservation) && is_ready(payment))
        commit(draft);
}

/// What was reserved for an edit that came to nothing.
void release_left_over(Draft& draft) {
    for (std::size_t i = 0; i < draft.state().reservations.size(); ++i) {
        auto const reservation = draft.state().reservations[i];
        if (reservation.attempt < own_attempts_from || reservation.releasing ||
            (reservation.hold != Hold::asked && reservation.hold != Hold::held))
            continue;
        draft.send(
            {.step = Step::release,
             .subject = reservation.id.value(),
             .number = static_cast<std::uint32_t>(reservation::ReleaseReason::edit_abandoned)});
    }
}

} // namespace

void go_on_with_edit(Draft& draft) {
    if (draft.input().kind == InputKind::edit_opened)
        draft.wait(Deadline::edit, *draft.input().at);
    if (draft.state().edit) {
        go_on_with_open_edit(draft);
        return;
    }
    draft.lift(Deadline::edit);
    release_left_over(draft);
}

} // namespace kontor::checkout
