#include "domain/checkout/decide.hpp"

#include "domain/checkout/read.hpp"
#include "domain/checkout/rules.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

Outputs step(State& state, std::optional<Noted>&& noted, Context const& context,
             std::vector<Shortage> shortages = {}) {
    Outputs outputs;
    if (!noted)
        return outputs;
    Draft draft(outputs, state, std::move(*noted), context, std::move(shortages));
    go_on(draft);
    draft.finish();
    return outputs;
}

/// A refused capture is tried until the authorisation ends; then it is given up. One that may have
/// happened is looked for until it is known.
bool is_given_up(State const& state, Id128 id, Instant now) {
    for (auto const& transfer : state.transfers) {
        if (transfer.id != id || transfer.refusals == 0 || transfer.unknown)
            continue;
        for (auto const& payment : state.payments)
            if (payment.id == transfer.payment_id)
                return now >= payment.capture_before;
    }
    return false;
}

/// The call for a payment that is due again first; null: none is.
Waiting const* find_call(State const& state, PaymentId payment) {
    Waiting const* first = nullptr;
    for (auto const& waiting : state.waiting) {
        bool const is_transfer = std::ranges::any_of(state.transfers, [&](Transfer const& open) {
            return open.id == waiting.subject && open.payment_id == payment;
        });
        bool const is_of_it = waiting.deadline == Deadline::call &&
                              (waiting.subject == payment.value() || is_transfer);
        if (is_of_it && (first == nullptr || waiting.at < first->at))
            first = &waiting;
    }
    return first;
}

template <class Range>
bool any_with(Range const& range, Id128 id, auto const& holds) {
    return std::ranges::any_of(
        range, [&](auto const& item) { return Id128(item.id.value()) == id && holds(item); });
}

bool awaits_closing(State const& state, Step step) {
    return state.closing == step && state.order != OrderStatus::closed;
}

bool awaits_transfer(State const& state, Id128 id) {
    return std::ranges::any_of(state.transfers, [&](Transfer const& transfer) {
        return transfer.id == id && !transfer.blocked && !transfer.given_up;
    });
}

bool awaits_parcel(State const& state, Step step, Id128 id) {
    return any_with(state.parcels, id, [&](Parcel const& parcel) {
        if (step == Step::create_parcel)
            return parcel.status == ParcelStatus::open;
        if (step == Step::cancel_parcel)
            return parcel.status == ParcelStatus::cancelling;
        return parcel.status == ParcelStatus::shipped || parcel.status == ParcelStatus::lost;
    });
}

} // namespace

std::optional<bool> awaits_answer(State const& state, Step step, Id128 id) {
    switch (step) {
    case Step::reserve:
        return any_with(state.reservations, id,
                        [](Reservation const& found) { return found.hold == Hold::asked; });
    case Step::release:
        return any_with(state.reservations, id, [](Reservation const& found) {
            return found.hold != Hold::closed && found.releasing;
        });
    case Step::authorise:
        return any_with(state.payments, id,
                        [](Payment const& found) { return found.status == PaymentStatus::asked; });
    case Step::void_:
        return any_with(state.payments, id, [](Payment const& found) {
            return found.status == PaymentStatus::voiding;
        });
    case Step::capture:
    case Step::refund: return awaits_transfer(state, id);
    case Step::confirm_order: return state.confirm_sent && state.order == OrderStatus::open;
    case Step::reject_order:
    case Step::expire_order:
    case Step::cancel_order: return awaits_closing(state, step);
    case Step::create_parcel:
    case Step::cancel_parcel:
    case Step::deliver_parcel: return awaits_parcel(state, step, id);
    case Step::request_return:
    case Step::cancel_return:
        return any_with(state.returns, id, [](Return const& found) { return found.awaited; });
    case Step::commit_edit: return state.edit && state.edit->committing && !state.edit->failed;
    case Step::abandon_edit: return state.edit && state.edit->abandoning;
    case Step::complete_order: return state.order == OrderStatus::completing;
    case Step::extend_hold:
    case Step::find:
    case Step::hold_parcel:
    case Step::resume_parcel:
    case Step::cancel_lines:
    case Step::ask_buyer:
    case Step::ship_services:
    case Step::raise_alarm: return std::nullopt;
    }
    KONTOR_UNREACHABLE();
}

Outputs advance(State& state, OrderFact const& input, Context const& context) {
    return step(state, read(state, input), context);
}
Outputs advance(State& state, ReservationFact const& input, Context const& context) {
    auto const* const rejected = std::get_if<reservation::Rejected>(&input.fact);
    return step(state, read(state, input), context,
                rejected != nullptr ? rejected->shortages : std::vector<Shortage>{});
}
Outputs advance(State& state, PaymentFact const& input, Context const& context) {
    return step(state, read(state, input), context);
}
Outputs advance(State& state, FulfilmentFact const& input, Context const& context) {
    return step(state, read(state, input), context);
}

Outputs advance(State& state, RiskFlagged const& input, Context const& context) {
    if (state.in_review || state.order != OrderStatus::confirmed)
        return {};
    return step(state, Noted{.kind = InputKind::risk_flagged, .number = input.score}, context);
}

Outputs advance(State& state, EditAsked const& input, Context const& context) {
    if (!state.edit || state.edit->asked || state.edit->abandoning)
        return {};
    return step(state,
                Noted{.kind = InputKind::edit_asked,
                      .amount = input.delta,
                      .lines = input.cancelled,
                      .added = input.added},
                context);
}

Outputs advance(State& state, MoneyAsked const& input, Context const& context) {
    auto const id = input.payment_id.value();
    if (input.move == MoneyMove::retry) {
        auto const* const call = find_call(state, input.payment_id);
        if (call == nullptr)
            return {};
        return step(state,
                    Noted{.kind = InputKind::deadline_reached,
                          .subject = call->subject,
                          .number = is_given_up(state, call->subject, context.now) ? 1U : 0U,
                          .deadline = Deadline::call},
                    context);
    }
    bool const is_open =
        state.order == OrderStatus::confirmed || state.order == OrderStatus::completing;
    if (!is_open)
        return {};
    if (input.move == MoneyMove::void_ && is_calling(state, input.payment_id))
        return {};
    if (input.move == MoneyMove::void_)
        return step(state, Noted{.kind = InputKind::void_asked, .subject = id}, context);
    auto const most = capturable(state, input.payment_id);
    if (most.is_zero() || input.amount > most)
        return {};
    auto const due = Money::of(earned(state) + input.amount.minor(), state.currency);
    return step(state,
                Noted{.kind = InputKind::capture_asked,
                      .subject = id,
                      .other = context.command_id.value(),
                      .amount = due},
                context);
}

bool knows_payment(State const& state, PaymentId payment) {
    return std::ranges::any_of(state.payments,
                               [&](Payment const& known) { return known.id == payment; });
}

bool waits_for_call(State const& state, PaymentId payment) {
    return find_call(state, payment) != nullptr;
}

Outputs advance(State& state, DeadlineReached const&, Context const& context) {
    auto const first = std::ranges::min_element(state.waiting, {}, &Waiting::at);
    if (first == state.waiting.end() || first->at > context.now)
        return {};
    auto const subject = first->subject;
    Noted noted{.kind = InputKind::deadline_reached, .deadline = first->deadline};
    if (!subject.is_nil())
        noted.subject = subject;
    if (first->deadline == Deadline::call && is_given_up(state, subject, context.now))
        noted.number = 1;
    return step(state, std::move(noted), context);
}

Outputs advance(State& state, Refused const& input, Context const& context) {
    // A refusal that comes twice finds nothing open.
    if (state.phase == Phase::none ||
        !awaits_answer(state, input.step, input.subject).value_or(false))
        return {};
    Noted noted{.kind = InputKind::refused, .step = input.step, .refusal = input.reason};
    if (!input.subject.is_nil())
        noted.subject = input.subject;
    return step(state, std::move(noted), context);
}

Outputs advance(State& state, CarriedOut const& input, Context const& context) {
    if (state.phase == Phase::none)
        return {};
    return step(state,
                Noted{.kind = InputKind::carried_out, .subject = input.subject, .step = input.step},
                context);
}

} // namespace kontor::checkout
