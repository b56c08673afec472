#pragma once

/// Everything that can be asked of the shop: single commands, compounds of them, and the commands
/// that the shop itself must complete from what it knows before they can be decided.

#include "base/boxed.hpp"
#include "domain/reservation/plan.hpp"
#include "platform/commands/request.hpp"
#include "services/shop/aggregates.hpp"

#include <variant>
#include <vector>

namespace kontor::services {

/// A command for one aggregate.
template <class Aggregate>
struct On {
    typename Aggregate::Key key;
    typename Aggregate::Fold::Command command;
};

using Single = std::variant<On<Orders>, On<StockItems>, On<Reservations>, On<Payments>,
                            On<Fulfilments>, On<Products>, On<Coupons>, On<Customers>>;

/// Several commands, each decided on its own stream, all or nothing; the first rejection is the
/// answer.
struct Compound {
    std::vector<Single> commands;
};

/// Promises what an order wants, all of it or nothing: the first location by rank that has
/// everything, else SKU by SKU. What cannot be promised is recorded with every shortage, which is
/// an outcome and no rejection.
struct ReserveOrder {
    ReservationId reservation_id;
    OrderId order_id;
    std::uint16_t attempt{1};
    std::vector<reservation::Wanted> wanted;
    std::vector<Location> locations; ///< by rank
    Instant expires_at;
};

/// Gives back what has not left: the whole reservation ends.
struct ReleaseReservation {
    ReservationId reservation_id;
    OrderId order_id;
    reservation::ReleaseReason reason{reservation::ReleaseReason::order_cancelled};
};

/// The hold ran out.
struct ExpireReservation {
    ReservationId reservation_id;
    OrderId order_id;
};

/// Backordered units came in for this reservation.
struct FillReservation {
    ReservationId reservation_id;
    StockKey item;
    Quantity quantity;
};

/// Gives the parcel to the carrier: the order says whether it may still leave, the shelf gives the
/// units.
struct DispatchParcel {
    FulfilmentId fulfilment_id;
    ReservationId reservation_id;
    fulfilment::Carrier carrier;
    Personal<std::string> tracking{};
};

/// A fact, a reached deadline or a refusal on its way to the process that leads an order.
/// Facts are boxed: a request is moved from ring to ring many times, and most carry none.
struct OrderNews {
    Boxed<order::Event> fact;
};
struct ReservationNews {
    ReservationId reservation_id;
    Boxed<reservation::Event> fact;
};
struct PaymentNews {
    PaymentId payment_id;
    Boxed<payment::Event> fact;
};
struct FulfilmentNews {
    FulfilmentId fulfilment_id;
    Boxed<fulfilment::Event> fact;
};
using CheckoutInput =
    std::variant<OrderNews, ReservationNews, PaymentNews, FulfilmentNews, checkout::DeadlineReached,
                 checkout::Refused, checkout::EditAsked, checkout::RiskFlagged>;

/// Lets the process take an input; what it asks for follows as commands of their own.
struct AdvanceCheckout {
    OrderId order_id;
    CheckoutInput input;
};

/// What the process asked for. A refusal goes back to it, with the step and subject it knows it by,
/// and is no refusal of the desk's.
struct CheckoutStep {
    OrderId order_id;
    checkout::Step step;
    Id128 subject;
    checkout::Command command;
};

/// The noun by which the id of the `index`-th step derives from the command that advanced the
/// process: the same whether the step follows at once or is sent again after a crash.
inline constexpr std::string_view checkout_step_noun = "checkout.step";

/// Present where the outcome of a step must be remembered with its facts. Units to give back are
/// recorded as a level at each stock item, reckoned from what it owes then: asked for twice they
/// would be given back twice.
std::optional<commands::Fingerprint> fingerprint_of(checkout::Command const& command);

/// True for what is asked of the provider or of people, once the step is durable.
bool is_for_the_world(checkout::Command const& command);

using Work = std::variant<Compound, ReserveOrder, ReleaseReservation, ExpireReservation,
                          FillReservation, DispatchParcel, AdvanceCheckout, CheckoutStep>;

/// The shop's no, from whichever aggregate it came.
using Refusal =
    std::variant<order::Rejection, stock::Rejection, reservation::Rejection, payment::Rejection,
                 fulfilment::Rejection, product::Rejection, coupon::Rejection, customer::Rejection>;

} // namespace kontor::services
