#include "domain/checkout/note.hpp"
#include "domain/checkout/rules.hpp"

#include <algorithm>
#include <utility>

namespace kontor::checkout {
namespace {

void erase(State& state, Transfer const* transfer) {
    state.transfers.erase(state.transfers.begin() + (transfer - state.transfers.data()));
}

/// What of money that cannot be had is uncollected. The rest was asked for ahead of the goods: it
/// is not due any more, until they leave.
std::int64_t take_off_ahead(State& state, std::int64_t amount) {
    auto const due = earned(state);
    auto const ahead = std::exchange(state.ahead, 0);
    auto const taken = std::min(amount, due - earned(state));
    state.ahead = taken > 0 ? due - taken : ahead;
    return amount - taken;
}

void give_up(State& state, Transfer& capture) {
    capture.given_up = true;
    capture.uncollected = take_off_ahead(state, capture.amount);
    capture.ahead = capture.amount - capture.uncollected;
    state.uncollected += capture.uncollected;
}

/// Whether a capture was refused, and nothing is owed any more that it could be for.
bool is_undue(State const& state, Transfer const& transfer) {
    return transfer.step == Step::capture && transfer.refusals > 0 && !transfer.unknown &&
           not_got(state) == 0;
}

/// Drops what is not due any more. A capture that was tried again may be under way: it is dropped
/// when it would be tried once more, for a second refusal is not recorded.
void drop_undue(State& state) {
    for (auto& transfer : state.transfers)
        if (transfer.tries < transfer.refusals && is_undue(state, transfer))
            transfer.given_up = true;
}

/// An authorisation that ended: what was asked of it and never refused is asked of another.
void end_authorisation(State& state, Payment& payment) {
    payment.status = PaymentStatus::over;
    payment.held = payment.captured;
    payment.unknown = false;
    for (auto i = state.transfers.size(); i-- > 0;) {
        auto& transfer = state.transfers[i];
        if (transfer.payment_id != payment.id || transfer.step != Step::capture ||
            transfer.given_up)
            continue;
        if (transfer.refusals > 0)
            give_up(state, transfer);
        else
            erase(state, &transfer);
    }
}

void note_authorised(State& state, Payment& payment, Noted const& input) {
    payment.status = PaymentStatus::authorised;
    payment.unknown = false;
    payment.tries = 0;
    payment.held = input.amount->currency() == state.currency ? input.amount->minor() : 0;
    payment.capture_before = *input.at;
    if (payment.use != PaymentUse::renewal)
        return;
    for (auto& other : state.payments)
        if (other.id != payment.id && other.status == PaymentStatus::authorised)
            other.superseded = true;
}

void note_declined(State& state, Payment& payment) {
    if (payment.use == PaymentUse::late && payment.status != PaymentStatus::declined)
        state.uncollected += take_off_ahead(state, payment.asked);
    payment.status = PaymentStatus::declined;
    payment.unknown = false;
    payment.held = 0;
}

void note_captured(State& state, Payment& payment, Noted const& input) {
    auto* const transfer = find_transfer(state, *input.other);
    if (transfer == nullptr)
        return;
    auto const amount = input.amount->minor();
    auto due = transfer->amount;
    payment.captured += amount;
    if (transfer->given_up) {
        due = transfer->ahead + transfer->uncollected;
        state.uncollected -= transfer->uncollected;
        state.ahead = std::min(state.ahead + transfer->ahead, state.total);
    }
    state.uncollected += take_off_ahead(state, std::max<std::int64_t>(0, due - amount));
    erase(state, transfer);
    if (input.number != 0 || payment.captured >= payment.held)
        end_authorisation(state, payment);
}

void note_refund_pending(State& state, Payment& payment, Noted const& input) {
    auto* transfer = find_transfer(state, *input.other);
    if (transfer == nullptr) {
        state.transfers.push_back({.id = *input.other,
                                   .payment_id = payment.id,
                                   .step = Step::refund,
                                   .kind = order::RefundKind::goodwill,
                                   .amount = input.amount->minor()});
        transfer = &state.transfers.back();
        payment.refunded += transfer->amount;
        state.refunds += transfer->amount;
    }
    transfer->pending = true;
    transfer->unknown = false;
}

void note_refund_settled(State& state, Payment& payment, Noted const& input) {
    auto* const transfer = find_transfer(state, *input.other);
    if (transfer == nullptr)
        return;
    if (input.kind == InputKind::refund_failed) {
        payment.refunded -= transfer->amount;
        state.refunds -= transfer->amount;
    }
    state.seen.push_back(transfer->id);
    erase(state, transfer);
}

void note_unknown(State& state, Payment& payment, Noted const& input) {
    auto const operation = payment::OperationKind(input.number);
    if (operation == payment::OperationKind::authorise) {
        payment.unknown = true;
        payment.tries = 0;
    } else if (auto* const transfer = find_transfer(state, input.other.value_or(Id128{}))) {
        transfer->unknown = true;
        transfer->tries = 0;
    }
}

void note_capture_failed(State& state, Noted const& input) {
    if (auto* const transfer = find_transfer(state, *input.other)) {
        ++transfer->refusals;
        transfer->tries = static_cast<std::uint16_t>(transfer->refusals - 1);
        transfer->unknown = false;
        drop_undue(state);
    }
}

/// A dispute that was won lets refunds go on; one that was lost took the money itself.
void note_dispute_closed(State& state, Payment& payment, Noted const& input) {
    state.seen.push_back(Id128::derive(*input.other, "closed"));
    for (auto i = state.transfers.size(); i-- > 0;) {
        auto& transfer = state.transfers[i];
        if (transfer.payment_id != payment.id || !transfer.blocked)
            continue;
        transfer.blocked = false;
        if (input.number != 0)
            continue;
        payment.refunded -= transfer.amount;
        state.refunds -= transfer.amount;
        erase(state, &transfer);
    }
}

void refuse_capture(State& state, Id128 id) {
    auto* const transfer = find_transfer(state, id);
    if (transfer == nullptr)
        return;
    if (auto* const payment = find_payment(state, transfer->payment_id.value()))
        end_authorisation(state, *payment);
    if (auto* const left = find_transfer(state, id); left != nullptr && !left->given_up)
        erase(state, left);
}

void refuse_refund(State& state, Id128 id, RefusalReason reason) {
    auto* const transfer = find_transfer(state, id);
    if (transfer == nullptr)
        return;
    if (reason == RefusalReason::payment_disputed) {
        transfer->blocked = true;
        return;
    }
    if (auto* const payment = find_payment(state, transfer->payment_id.value()))
        payment->refunded -= transfer->amount;
    state.refunds -= transfer->amount;
    erase(state, transfer);
}

void refuse_parcel(State& state, Id128 id, ParcelStatus status) {
    auto* const parcel = find_parcel(state, id);
    if (parcel == nullptr)
        return;
    parcel->lines.clear();
    parcel->status = status;
}

void refuse_return(State& state, Id128 id) {
    auto* const found = find_return(state, id);
    if (found == nullptr)
        return;
    found->awaited = false;
    refuse_parcel(state, found->parcel.value(), ParcelStatus::lost);
}

void refuse_confirmation(State& state, RefusalReason reason) {
    state.confirm_sent = false;
    if (reason == RefusalReason::order_closed) {
        note_closed(state);
        return;
    }
    for (auto& reservation : state.reservations)
        reservation.hold = Hold::closed;
    for (auto& goods : state.goods)
        goods.unpromised += std::exchange(goods.ready, 0) + std::exchange(goods.waiting, 0);
}

/// An order that somebody began to edit meanwhile is cancelled again: the edit is being abandoned.
void refuse_closing(State& state, Step step, RefusalReason reason) {
    bool const is_edited =
        step == Step::cancel_order && reason == RefusalReason::other && state.edit;
    if (is_edited) {
        state.closing = Step::reject_order;
    } else if (reason == RefusalReason::already_confirmed) {
        state.order = OrderStatus::confirmed;
        state.closing = Step::reject_order;
    } else {
        state.order = OrderStatus::closed;
    }
}

} // namespace

void lower_due(State& state) {
    state.ahead = std::min(state.ahead, state.total);
    drop_undue(state);
}

void note_payment(State& state, Noted const& input) {
    auto* payment = find_payment(state, *input.subject);
    if (payment == nullptr) {
        state.payments.push_back(
            {.id = PaymentId(*input.subject), .attempt = static_cast<std::uint16_t>(input.count)});
        payment = &state.payments.back();
    }
    auto const kind = input.kind;
    if (kind == InputKind::authorised)
        note_authorised(state, *payment, input);
    else if (kind == InputKind::declined)
        note_declined(state, *payment);
    else if (kind == InputKind::outcome_unknown)
        note_unknown(state, *payment, input);
    else if (kind == InputKind::captured)
        note_captured(state, *payment, input);
    else if (kind == InputKind::capture_failed)
        note_capture_failed(state, input);
    else if (kind == InputKind::voided || kind == InputKind::authorisation_expired)
        end_authorisation(state, *payment);
    else if (kind == InputKind::refund_pending)
        note_refund_pending(state, *payment, input);
    else if (kind == InputKind::refunded || kind == InputKind::refund_failed)
        note_refund_settled(state, *payment, input);
    else if (kind == InputKind::disputed)
        state.seen.push_back(*input.other);
    else if (kind == InputKind::dispute_closed)
        note_dispute_closed(state, *payment, input);
}

void note_refused(State& state, Noted const& input) {
    auto const subject = input.subject.value_or(Id128{});
    auto const reason = *input.refusal;
    switch (*input.step) {
    case Step::reserve:
    case Step::release: note_reservation_closed(state, input); return;
    case Step::authorise:
        if (auto* const payment = find_payment(state, subject))
            note_declined(state, *payment);
        return;
    case Step::capture: refuse_capture(state, subject); return;
    case Step::void_:
        if (auto* const payment = find_payment(state, subject))
            end_authorisation(state, *payment);
        return;
    case Step::refund: refuse_refund(state, subject, reason); return;
    case Step::confirm_order: refuse_confirmation(state, reason); return;
    case Step::reject_order:
    case Step::expire_order:
    case Step::cancel_order: refuse_closing(state, *input.step, reason); return;
    case Step::create_parcel:
    case Step::cancel_parcel: refuse_parcel(state, subject, ParcelStatus::gone); return;
    case Step::deliver_parcel: refuse_parcel(state, subject, ParcelStatus::arrived); return;
    case Step::cancel_return:
        if (auto* const found = find_return(state, subject))
            found->awaited = false;
        return;
    case Step::request_return: refuse_return(state, subject); return;
    case Step::commit_edit:
        if (state.edit)
            state.edit->failed = true;
        return;
    case Step::abandon_edit: note_edit_abandoned(state); return;
    case Step::complete_order: state.order = OrderStatus::confirmed; return;
    case Step::extend_hold:
    case Step::find:
    case Step::hold_parcel:
    case Step::resume_parcel:
    case Step::cancel_lines:
    case Step::ask_buyer:
    case Step::ship_services:
    case Step::raise_alarm: return;
    }
    KONTOR_UNREACHABLE();
}

void note_deadline(State& state, Noted const& input) {
    auto const subject = input.subject.value_or(Id128{});
    set_deadline(state.waiting, {*input.deadline, subject, {}});
    if (*input.deadline == Deadline::inspection) {
        if (auto* const found = find_return(state, subject))
            found->inspecting = false;
    } else if (*input.deadline == Deadline::call) {
        if (auto* const payment = find_payment(state, subject))
            ++payment->tries;
        if (auto* const transfer = find_transfer(state, subject)) {
            ++transfer->tries;
            if (is_undue(state, *transfer))
                transfer->given_up = true;
            else if (input.number != 0)
                give_up(state, *transfer);
        }
    }
}

void note(State& state, Noted const& input) {
    switch (input.kind) {
    case InputKind::order_placed: return note_placed(state, input);
    case InputKind::payment_offered:
        state.offers = static_cast<std::uint16_t>(input.number);
        return;
    case InputKind::order_confirmed: return note_confirmed(state, input);
    case InputKind::order_rejected:
    case InputKind::order_expired:
    case InputKind::order_cancelled: return note_closed(state);
    case InputKind::lines_cancelled: return note_lines_cancelled(state, input);
    case InputKind::edit_opened:
        state.edit.emplace();
        state.last_edit_until = *input.at;
        ++state.edits;
        return;
    case InputKind::edit_asked:
        state.edit->added = input.added;
        state.edit->cancelled = input.lines;
        state.edit->delta = input.amount->minor();
        state.edit->asked = true;
        return;
    case InputKind::edit_abandoned: return note_edit_abandoned(state);
    case InputKind::edited: return note_edited(state, input);
    case InputKind::shipped: return note_shipped(state, input);
    case InputKind::delivered: return note_delivered(state, input);
    case InputKind::return_requested:
    case InputKind::return_received:
    case InputKind::return_cancelled: return note_return(state, input);
    case InputKind::refund_granted:
        if (auto* const found = find_return(state, *input.other))
            found->inspecting = false;
        return;
    case InputKind::held: return note_held(state, input);
    case InputKind::reservation_rejected:
    case InputKind::reservation_closed: return note_reservation_closed(state, input);
    case InputKind::backorder_filled: return note_filled(state, input);
    case InputKind::authorised:
    case InputKind::declined:
    case InputKind::outcome_unknown:
    case InputKind::captured:
    case InputKind::capture_failed:
    case InputKind::voided:
    case InputKind::authorisation_expired:
    case InputKind::refund_pending:
    case InputKind::refunded:
    case InputKind::refund_failed:
    case InputKind::disputed:
    case InputKind::dispute_closed: return note_payment(state, input);
    case InputKind::parcel_created:
    case InputKind::parcel_cancelled:
    case InputKind::parcel_returned: return note_parcel(state, input);
    case InputKind::capture_asked:
        state.ahead = input.amount->minor();
        state.last_cause = *input.other;
        return;
    case InputKind::void_asked: return;
    case InputKind::risk_flagged: state.in_review = true; return;
    case InputKind::review_cleared: state.in_review = false; return;
    case InputKind::deadline_reached: return note_deadline(state, input);
    case InputKind::refused: return note_refused(state, input);
    case InputKind::carried_out: return;
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::checkout
