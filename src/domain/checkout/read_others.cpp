#include "domain/checkout/read.hpp"

#include "base/overloaded.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

template <class Range, class Id>
auto const* with_id(Range const& range, Id id) {
    auto const found = std::ranges::find_if(range, [&](auto const& x) { return x.id == id; });
    return found == range.end() ? nullptr : &*found;
}

struct ReservationReader {
    State const& state;
    ReservationId id;

    Reservation const* reservation() const { return with_id(state.reservations, id); }
    std::optional<Noted> closed(InputKind kind) const {
        auto const* const found = reservation();
        if (found == nullptr || found->hold == Hold::closed)
            return {};
        return Noted{.kind = kind, .subject = id.value()};
    }

    std::optional<Noted> operator()(reservation::Held const& fact) const {
        auto const* const found = reservation();
        if (found == nullptr || found->hold != Hold::asked || fact.part <= found->parts)
            return {};
        return Noted{.kind = InputKind::held,
                     .subject = id.value(),
                     .number = fact.part,
                     .count = fact.part == fact.parts ? 1U : 0U,
                     .items = fact.items};
    }
    std::optional<Noted> operator()(reservation::Rejected const&) const {
        return closed(InputKind::reservation_rejected);
    }
    std::optional<Noted> operator()(reservation::Extended const&) const { return {}; }
    std::optional<Noted> operator()(reservation::Confirmed const&) const { return {}; }
    std::optional<Noted> operator()(reservation::Released const& fact) const {
        // A part given back because its lines were cancelled closes nothing.
        auto const* const found = reservation();
        auto const is_part = found != nullptr && found->hold == Hold::confirmed &&
                             !found->releasing && !fact.items.empty();
        if (is_part)
            return {};
        return closed(InputKind::reservation_closed);
    }
    std::optional<Noted> operator()(reservation::Expired const&) const {
        return closed(InputKind::reservation_closed);
    }
    std::optional<Noted> operator()(reservation::Filled const& fact) const {
        auto const waits = [&](reservation::Item const& item) {
            return std::ranges::any_of(state.goods, [&](Goods const& goods) {
                return goods.sku == item.sku && goods.waiting > 0;
            });
        };
        if (reservation() == nullptr || std::ranges::none_of(fact.items, waits))
            return {};
        return Noted{
            .kind = InputKind::backorder_filled, .subject = id.value(), .items = fact.items};
    }
};

struct PaymentReader {
    State const& state;
    PaymentId id;

    using Status = PaymentStatus;
    Payment const* payment() const { return with_id(state.payments, id); }
    Transfer const* transfer(Id128 wanted) const { return with_id(state.transfers, wanted); }
    Noted noted(InputKind kind, Id128 other) const {
        return {.kind = kind, .subject = id.value(), .other = other};
    }

    std::optional<Noted> operator()(payment::Authorised const& fact) const {
        auto const* const found = payment();
        auto const is_news =
            found == nullptr || found->status == Status::asked || found->status == Status::declined;
        if (state.phase == Phase::none || !is_news)
            return {};
        return Noted{.kind = InputKind::authorised,
                     .subject = id.value(),
                     .count = fact.attempt,
                     .amount = fact.amount,
                     .at = fact.capture_before};
    }
    std::optional<Noted> operator()(payment::Declined const&) const {
        auto const* const found = payment();
        auto const is_news = found != nullptr && (found->status == Status::asked ||
                                                  found->status == Status::authorised);
        if (!is_news)
            return {};
        return Noted{.kind = InputKind::declined, .subject = id.value()};
    }
    std::optional<Noted> operator()(payment::ActionRequired const&) const { return {}; }
    std::optional<Noted> operator()(payment::OutcomeUnknown const& fact) const {
        auto const* const found = payment();
        auto const* const moving = transfer(fact.operation_id);
        if (found == nullptr)
            return {};
        auto const authorises = fact.operation == payment::OperationKind::authorise;
        auto const voids = fact.operation == payment::OperationKind::void_;
        auto const is_news = (authorises && found->status == Status::asked && !found->unknown) ||
                             (voids && found->status == Status::voiding && found->tries == 0) ||
                             (moving != nullptr && !moving->unknown);
        if (!is_news)
            return {};
        auto result =
            noted(InputKind::outcome_unknown, authorises || voids ? id.value() : fact.operation_id);
        result.number = static_cast<std::uint32_t>(fact.operation);
        return result;
    }
    std::optional<Noted> operator()(payment::Captured const& fact) const {
        auto const* const found = transfer(fact.capture_id.value());
        if (payment() == nullptr || found == nullptr || found->step != Step::capture)
            return {};
        auto result = noted(InputKind::captured, fact.capture_id.value());
        result.number = fact.last ? 1U : 0U;
        result.amount = fact.amount;
        return result;
    }
    std::optional<Noted> operator()(payment::CaptureFailed const& fact) const {
        auto const* const found = transfer(fact.capture_id.value());
        if (payment() == nullptr || found == nullptr || found->given_up)
            return {};
        auto const waits = find_waiting(state.waiting, Deadline::call, found->id);
        // Between a refusal and the next try, the same refusal comes again. While nobody knows what
        // became of a try it is the answer.
        if (!found->unknown && found->refusals > 0 && waits != nullptr &&
            found->tries < found->refusals)
            return {};
        return noted(InputKind::capture_failed, found->id);
    }
    std::optional<Noted> ended(InputKind kind) const {
        auto const* const found = payment();
        auto const is_news = found != nullptr &&
                             (found->status == Status::authorised ||
                              found->status == Status::voiding || found->status == Status::asked);
        if (!is_news)
            return {};
        return Noted{.kind = kind, .subject = id.value()};
    }
    std::optional<Noted> operator()(payment::Voided const&) const {
        return ended(InputKind::voided);
    }
    std::optional<Noted> operator()(payment::AuthorisationExpired const&) const {
        return ended(InputKind::authorisation_expired);
    }
    std::optional<Noted> operator()(payment::RefundPending const& fact) const {
        auto const* const found = transfer(fact.refund_id.value());
        auto const is_known =
            (found != nullptr && found->pending) || has_seen(state, fact.refund_id.value());
        if (payment() == nullptr || is_known)
            return {};
        auto result = noted(InputKind::refund_pending, fact.refund_id.value());
        result.amount = fact.amount;
        return result;
    }
    std::optional<Noted> settled(InputKind kind, RefundId refund) const {
        if (payment() == nullptr || transfer(refund.value()) == nullptr)
            return {};
        return noted(kind, refund.value());
    }
    std::optional<Noted> operator()(payment::Refunded const& fact) const {
        return settled(InputKind::refunded, fact.refund_id);
    }
    std::optional<Noted> operator()(payment::RefundFailed const& fact) const {
        return settled(InputKind::refund_failed, fact.refund_id);
    }
    std::optional<Noted> operator()(payment::Disputed const& fact) const {
        if (payment() == nullptr || has_seen(state, fact.dispute_id.value()))
            return {};
        auto result = noted(InputKind::disputed, fact.dispute_id.value());
        result.at = fact.answer_by;
        return result;
    }
    std::optional<Noted> operator()(payment::DisputeClosed const& fact) const {
        auto const id_closed = Id128::derive(fact.dispute_id.value(), "closed");
        if (payment() == nullptr || has_seen(state, id_closed))
            return {};
        auto result = noted(InputKind::dispute_closed, fact.dispute_id.value());
        result.number = fact.outcome == payment::DisputeOutcome::won ? 1U : 0U;
        return result;
    }
};

struct FulfilmentReader {
    State const& state;
    FulfilmentId id;

    Parcel const* parcel() const { return with_id(state.parcels, id); }

    std::optional<Noted> operator()(fulfilment::Created const& fact) const {
        auto const is_live = state.phase != Phase::none && state.phase != Phase::done;
        if (!is_live || parcel() != nullptr)
            return {};
        Noted noted{.kind = InputKind::parcel_created, .subject = id.value()};
        noted.lines.reserve(fact.lines.size());
        for (auto const& line : fact.lines)
            noted.lines.push_back({line.line, line.quantity});
        return noted;
    }
    std::optional<Noted> operator()(fulfilment::Held const&) const { return {}; }
    std::optional<Noted> operator()(fulfilment::Resumed const& fact) const {
        if (fact.reason != fulfilment::HoldReason::in_review || !state.in_review)
            return {};
        return Noted{.kind = InputKind::review_cleared, .subject = id.value()};
    }
    std::optional<Noted> operator()(fulfilment::Cancelled const&) const {
        auto const* const found = parcel();
        if (found == nullptr || found->status > ParcelStatus::cancelling)
            return {};
        return Noted{.kind = InputKind::parcel_cancelled, .subject = id.value()};
    }
    std::optional<Noted> operator()(fulfilment::Dispatched const&) const { return {}; }
    std::optional<Noted> operator()(fulfilment::Delivered const&) const { return {}; }
    std::optional<Noted> operator()(fulfilment::DeliveryFailed const&) const { return {}; }
    std::optional<Noted> operator()(fulfilment::ReturnedToSender const&) const {
        auto const* const found = parcel();
        if (found == nullptr || found->status != ParcelStatus::shipped)
            return {};
        return Noted{.kind = InputKind::parcel_returned, .subject = id.value()};
    }
};

} // namespace

std::optional<Noted> read(State const& state, ReservationFact const& input) {
    return std::visit(ReservationReader{state, input.reservation_id}, input.fact);
}
std::optional<Noted> read(State const& state, PaymentFact const& input) {
    return std::visit(PaymentReader{state, input.payment_id}, input.fact);
}
std::optional<Noted> read(State const& state, FulfilmentFact const& input) {
    return std::visit(FulfilmentReader{state, input.fulfilment_id}, input.fact);
}

bool concerns_checkout(reservation::Event const& fact) {
    return !std::holds_alternative<reservation::Extended>(fact) &&
           !std::holds_alternative<reservation::Confirmed>(fact);
}
bool concerns_checkout(payment::Event const& fact) {
    return !std::holds_alternative<payment::ActionRequired>(fact);
}
bool concerns_checkout(fulfilment::Event const& fact) {
    return std::holds_alternative<fulfilment::Created>(fact) ||
           std::holds_alternative<fulfilment::Resumed>(fact) ||
           std::holds_alternative<fulfilment::Cancelled>(fact) ||
           std::holds_alternative<fulfilment::ReturnedToSender>(fact);
}

} // namespace kontor::checkout
