#include "services/shop/perform.hpp"

#include "base/names.hpp"
#include "base/overloaded.hpp"

#include <algorithm>

namespace kontor::services {
namespace {

constexpr commands::Fingerprint partial_release{'p', 'a', 'r', 't', 'i', 'a', 'l'};

/// Two lines of an order may name one stock item; a command decides on each item once.
reservation::Items summed(reservation::Items const& items) {
    reservation::Items sums;
    for (auto const& item : items) {
        auto const same = std::ranges::find_if(sums, [&](auto const& sum) {
            return sum.sku == item.sku && sum.location == item.location;
        });
        if (same == sums.end()) {
            sums.push_back(item);
            continue;
        }
        same->reserved += item.reserved;
        same->backordered += item.backordered;
    }
    return sums;
}

/// The process makes no difference between the other rejections.
checkout::RefusalReason reason_of(order::Rejection const& rejection) {
    using order::RejectionCode;
    auto const code = rejection.code;
    if (code == RejectionCode::order_closed || code == RejectionCode::cancelled_meanwhile)
        return checkout::RefusalReason::order_closed;
    if (code == RejectionCode::already_confirmed)
        return checkout::RefusalReason::already_confirmed;
    if (code == RejectionCode::already_shipped)
        return checkout::RefusalReason::already_shipped;
    return checkout::RefusalReason::other;
}

/// One step of the process, as the commands of those who carry it out.
class StepPerformer {
public:
    StepPerformer(Shop const& shop, ShopTurn& turn, OrderId order)
        : shop_(shop), turn_(turn), order_(order) {}

    Performed operator()(checkout::ReserveLines const& wish) const {
        ReserveOrder reserve{wish.reservation_id, order_,         wish.attempt, {},
                             shop_.locations,     wish.expires_at};
        reserve.wanted.reserve(wish.lines.size());
        for (auto const& line : wish.lines)
            reserve.wanted.push_back({line.sku, line.quantity});
        return perform(shop_, turn_, reserve);
    }
    Performed operator()(checkout::ExtendHold const& wish) const {
        return decide<Reservations>(turn_, wish.reservation_id,
                                    reservation::Extend{wish.expires_at});
    }
    Performed operator()(checkout::ReleaseReservation const& wish) const {
        if (wish.items.empty())
            return perform(shop_, turn_,
                           ReleaseReservation{wish.reservation_id, order_, wish.reason});
        for (auto const& item : summed(wish.items))
            KONTOR_TRY(give_back(wish.reservation_id, item));
        return {};
    }
    Performed operator()(checkout::ConfirmOrder const& wish) const {
        if (wish.reservation_id)
            KONTOR_TRY(
                decide<Reservations>(turn_, *wish.reservation_id, reservation::Confirm{order_}));
        return ask_order(order::Confirm{wish.payment_id, wish.reservation_id});
    }
    Performed operator()(checkout::RejectOrder const& wish) const {
        return ask_order(order::Reject{wish.reason, wish.shortages});
    }
    Performed operator()(checkout::ExpireOrder const&) const { return ask_order(order::Expire{}); }
    Performed operator()(checkout::CancelOrder const&) const {
        return ask_order(order::Cancel{"it could not be fulfilled", ActorKind::process});
    }
    Performed operator()(checkout::CreateFulfilment const& wish) const {
        fulfilment::Create create{};
        create.order_id = order_;
        create.location = wish.location;
        create.lines = wish.lines;
        create.ship_by = wish.ship_by;
        return decide<Fulfilments>(turn_, wish.fulfilment_id, create);
    }
    Performed operator()(checkout::CancelFulfilment const& wish) const {
        return decide<Fulfilments>(turn_, wish.fulfilment_id, fulfilment::Cancel{wish.reason});
    }
    Performed operator()(checkout::HoldFulfilment const& wish) const {
        return decide<Fulfilments>(turn_, wish.fulfilment_id, fulfilment::Hold{wish.reason});
    }
    Performed operator()(checkout::ResumeFulfilment const& wish) const {
        return decide<Fulfilments>(turn_, wish.fulfilment_id, fulfilment::Resume{wish.reason});
    }
    Performed operator()(checkout::DeliverFulfilment const& wish) const {
        // A parcel that came back is closed for the carrier; only the order still counts it as
        // under way.
        if (wish.fulfilment_id && !is_back_with_sender(*wish.fulfilment_id))
            KONTOR_TRY(decide<Fulfilments>(turn_, *wish.fulfilment_id,
                                           fulfilment::Deliver{turn_.context().now}));
        return ask_order(order::Deliver{wish.fulfilment_id});
    }
    Performed operator()(checkout::CancelLines const& wish) const {
        return ask_order(order::CancelLines{wish.lines, std::string(enumerator_name(wish.because)),
                                            ActorKind::process});
    }
    Performed operator()(checkout::RequestReturn const& wish) const {
        return ask_order(order::RequestReturn{wish.return_id, wish.lines, "returned to sender",
                                              ActorKind::process, wish.fulfilment_id});
    }
    Performed operator()(checkout::CancelReturn const& wish) const {
        return ask_order(order::CancelReturn{wish.return_id, "the units were never sent"});
    }
    Performed operator()(checkout::CommitEdit const& wish) const {
        if (wish.reservation_id)
            KONTOR_TRY(
                decide<Reservations>(turn_, *wish.reservation_id, reservation::Confirm{order_}));
        return ask_order(
            order::CommitEdit{wish.added, wish.cancelled, wish.payment_id, wish.reservation_id});
    }
    Performed operator()(checkout::AbandonEdit const&) const {
        return ask_order(order::AbandonEdit{"the editor did not finish in time"});
    }
    Performed operator()(checkout::CompleteOrder const& wish) const {
        return ask_order(order::Complete{wish.net, wish.uncollected});
    }
    Performed operator()(checkout::ShipServices const&) const {
        return ask_order(order::Ship{std::nullopt, {}});
    }
    Performed operator()(checkout::RefundPayment const& wish) const {
        KONTOR_TRY(ask_order(order::GrantRefund{wish.refund_id,
                                                wish.payment_id,
                                                wish.kind,
                                                wish.amount,
                                                {},
                                                wish.return_id,
                                                std::string(enumerator_name(wish.kind)),
                                                ActorKind::process}));
        return decide<Payments>(turn_, wish.payment_id,
                                payment::Refund{wish.refund_id, wish.amount});
    }

    // The provider and people are asked once the step is durable, by those who follow the log.
    Performed operator()(checkout::Authorise const&) const { return {}; }
    Performed operator()(checkout::FindPayment const&) const { return {}; }
    Performed operator()(checkout::Capture const&) const { return {}; }
    Performed operator()(checkout::VoidPayment const&) const { return {}; }
    Performed operator()(checkout::AskBuyer const&) const { return {}; }
    Performed operator()(checkout::RaiseAlarm const&) const { return {}; }

private:
    Performed ask_order(order::Command const& command) const {
        return decide<Orders>(turn_, order_, command);
    }

    Performed give_back(ReservationId id, reservation::Item const& item) const {
        StockKey const key{item.location, item.sku};
        auto const* const promise = stock::promise_to(turn_.state<StockItems>(key), id);
        if (promise == nullptr)
            return {};
        auto const owed = (promise->reserved + promise->backordered).value();
        auto const given = (item.reserved + item.backordered).value();
        return decide<StockItems>(
            turn_, key, stock::Release{id, Count(std::max<std::int64_t>(0, owed - given))});
    }

    bool is_back_with_sender(FulfilmentId id) const {
        auto const* const closed = std::get_if<fulfilment::Closed>(&turn_.state<Fulfilments>(id));
        return closed != nullptr && closed->ending == fulfilment::Ending::returned_to_sender;
    }

    Shop const& shop_;
    ShopTurn& turn_;
    OrderId order_;
};

} // namespace

std::optional<commands::Fingerprint> fingerprint_of(checkout::Command const& command) {
    auto const* const release = std::get_if<checkout::ReleaseReservation>(&command);
    bool const is_partial = release != nullptr && !release->items.empty();
    return is_partial ? std::optional(partial_release) : std::nullopt;
}

Performed perform(Shop const& shop, ShopTurn& turn, CheckoutStep const& step) {
    return std::visit(StepPerformer(shop, turn, step.order_id), step.command);
}

checkout::RefusalReason reason_for_process(Refusal const& refusal) {
    auto const closed = [](bool is_closed) {
        return is_closed ? checkout::RefusalReason::reservation_closed
                         : checkout::RefusalReason::other;
    };
    return std::visit(
        overloaded{
            [](order::Rejection const& no) { return reason_of(no); },
            [&](reservation::Rejection no) {
                return closed(no == reservation::Rejection::reservation_closed ||
                              no == reservation::Rejection::unknown_reservation);
            },
            [&](stock::Rejection no) { return closed(no == stock::Rejection::reservation_closed); },
            [](payment::Rejection no) {
                if (no == payment::Rejection::payment_disputed)
                    return checkout::RefusalReason::payment_disputed;
                return no == payment::Rejection::authorisation_expired
                           ? checkout::RefusalReason::authorisation_expired
                           : checkout::RefusalReason::other;
            },
            [](auto const&) { return checkout::RefusalReason::other; },
        },
        refusal);
}

} // namespace kontor::services
