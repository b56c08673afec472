#include "domain/checkout/note.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

void mark_reserved(State& state, Sent const& sent) {
    if (find_reservation(state, *sent.subject) == nullptr)
        state.reservations.push_back({.id = ReservationId(*sent.subject),
                                      .attempt = static_cast<std::uint16_t>(sent.number)});
}

void mark_released(State& state, Sent const& sent) {
    auto* const reservation = find_reservation(state, *sent.subject);
    if (reservation == nullptr)
        return;
    if (sent.items.empty()) {
        reservation->releasing = true;
        return;
    }
    auto const index = static_cast<std::uint16_t>(reservation - state.reservations.data());
    drop_if(state.excess, [&](Excess const& item) { return item.reservation == index; });
}

void mark_authorised(State& state, Sent const& sent) {
    if (find_payment(state, *sent.subject) != nullptr)
        return;
    auto const use = PaymentUse(sent.count);
    auto const attempt = static_cast<std::uint16_t>(sent.number);
    if (use == PaymentUse::offer)
        state.offers_used = attempt;
    else
        ++state.own_payments;
    state.payments.push_back({.id = PaymentId(*sent.subject),
                              .attempt = attempt,
                              .use = use,
                              .edit = use == PaymentUse::edit ? state.edits : std::uint16_t{0},
                              .asked = sent.amount->minor()});
}

void mark_capture(State& state, Sent const& sent) {
    if (find_transfer(state, *sent.subject) != nullptr)
        return;
    state.transfers.push_back({.id = *sent.subject,
                               .payment_id = payment_id(state.order_id, sent.number),
                               .step = Step::capture,
                               .last = sent.count != 0,
                               .amount = sent.amount->minor(),
                               .cause = *sent.other});
}

void mark_refund(State& state, Sent const& sent) {
    if (find_transfer(state, *sent.subject) != nullptr)
        return;
    Transfer const refund{.id = *sent.subject,
                          .payment_id = payment_id(state.order_id, sent.number),
                          .step = Step::refund,
                          .kind = order::RefundKind(sent.count),
                          .amount = sent.amount->minor(),
                          .cause = sent.other.value_or(Id128{})};
    state.transfers.push_back(refund);
    ++state.refunds_made;
    state.refunds += refund.amount;
    if (auto* const payment = find_payment(state, refund.payment_id.value()))
        payment->refunded += refund.amount;
    if (auto* const found = find_return(state, refund.cause))
        found->owed -= refund.amount;
    else
        state.given_back += refund.amount;
}

void mark_parcel_created(State& state, Sent const& sent) {
    ++state.parcels_made;
    state.parcels.push_back({.id = FulfilmentId(*sent.subject)});
    pack(state, state.parcels.back(), sent.lines);
}

void mark_parcel(State& state, Sent const& sent) {
    auto* const parcel = find_parcel(state, *sent.subject);
    if (parcel == nullptr)
        return;
    auto const bit = static_cast<std::uint8_t>(1U << sent.number);
    if (sent.step == Step::cancel_parcel)
        parcel->status = ParcelStatus::cancelling;
    else if (sent.step == Step::hold_parcel)
        parcel->holds = static_cast<std::uint8_t>(parcel->holds | bit);
    else if (sent.step == Step::resume_parcel)
        parcel->holds = static_cast<std::uint8_t>(parcel->holds & ~bit);
}

void mark_return_requested(State& state, Sent const& sent) {
    auto* const parcel = find_parcel(state, *sent.other);
    if (parcel != nullptr)
        parcel->status = ParcelStatus::coming_back;
    state.returns.push_back({.id = ReturnId(*sent.subject), .parcel = FulfilmentId(*sent.other)});
}

void mark_closing(State& state, Sent const& sent) {
    state.closing = sent.step;
    if (sent.step == Step::reject_order)
        state.reject_reason = order::RejectReason(sent.number);
}

} // namespace

void mark_sent(State& state, Sent const& sent) {
    switch (sent.step) {
    case Step::reserve: return mark_reserved(state, sent);
    case Step::extend_hold:
        if (auto* const reservation = find_reservation(state, *sent.subject))
            reservation->extended = true;
        return;
    case Step::release: return mark_released(state, sent);
    case Step::authorise: return mark_authorised(state, sent);
    case Step::capture: return mark_capture(state, sent);
    case Step::void_:
        if (auto* const payment = find_payment(state, *sent.subject))
            payment->status = PaymentStatus::voiding;
        return;
    case Step::refund: return mark_refund(state, sent);
    case Step::confirm_order: state.confirm_sent = true; return;
    case Step::reject_order:
    case Step::expire_order:
    case Step::cancel_order: return mark_closing(state, sent);
    case Step::create_parcel: return mark_parcel_created(state, sent);
    case Step::cancel_parcel:
    case Step::hold_parcel:
    case Step::resume_parcel: return mark_parcel(state, sent);
    case Step::request_return: return mark_return_requested(state, sent);
    case Step::commit_edit: state.edit->committing = true; return;
    case Step::abandon_edit: state.edit->abandoning = true; return;
    case Step::complete_order: state.order = OrderStatus::completing; return;
    case Step::find:
    case Step::deliver_parcel:
    case Step::cancel_lines:
    case Step::cancel_return:
    case Step::ask_buyer:
    case Step::ship_services:
    case Step::raise_alarm: return;
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::checkout
