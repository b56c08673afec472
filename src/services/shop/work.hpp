#pragma once

/// Everything that can be asked of the shop: single commands, compounds of them, and the commands
/// that the shop itself must complete from what it knows before they can be decided.

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
                            On<Fulfilments>, On<Products>, On<Coupons>, On<Customers>,
                            On<Documents>, On<Audits>, On<Webhooks>, On<WebhookBooks>>;

/// Several commands, each decided on its own stream, all or nothing; the first rejection is the
/// answer.
struct Compound {
    std::vector<Single> commands;
};

/// A compound of these, moved into their places: a list in braces would copy them.
template <class... Aggregates>
Compound compound(On<Aggregates>... each) {
    Compound made;
    made.commands.reserve(sizeof...(each));
    (made.commands.emplace_back(std::move(each)), ...);
    return made;
}

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
/// units. `reservation_id` counts for orders without a process; else the process knows by which
/// reservation the parcel was packed.
struct DispatchParcel {
    FulfilmentId fulfilment_id;
    ReservationId reservation_id;
    fulfilment::Carrier carrier;
    Personal<std::string> tracking{};
};

/// Units go from one location to another: both halves of the move, or none. A repeat is known as
/// long as either item remembers the move, and then changes neither: a half alone would make units
/// or lose them.
struct TransferStock {
    StockKey from;
    Location to;
    Quantity quantity;
    TransferId transfer_id;
};

/// What the process is told from outside. Facts and refusals it is told in the command that decided
/// them.
using CheckoutInput = std::variant<checkout::DeadlineReached, checkout::EditAsked,
                                   checkout::RiskFlagged, checkout::MoneyAsked>;

/// Lets the process take an input; what it asks for follows as commands of their own. An order that
/// no process leads is unknown: there is none, or it was imported.
struct AdvanceCheckout {
    OrderId order_id;
    CheckoutInput input;
};

/// Opens an edit and says what it shall change. The process hears the second in a command that
/// follows; should a crash come between, the edit is abandoned by its deadline.
struct EditOrder {
    OrderId order_id;
    Actor editor;
    checkout::EditAsked edit;
};

/// Somebody of support captures, lets go of, or tries again what the process does by itself. The
/// process is asked and goes the step, so that its own calls and this one are never two.
struct MovePayment {
    PaymentId payment_id;
    OrderId order_id;
    checkout::MoneyMove move{checkout::MoneyMove::retry};
    std::optional<Money> amount{}; ///< of a capture; none: all that is held and will be due
};

/// What the process asked for. A refusal goes back to it, with the step and subject it knows it by,
/// and is no refusal of the desk's.
struct CheckoutStep {
    OrderId order_id;
    checkout::Step step;
    Id128 subject;
    checkout::Command command;
};

/// Who acts when the process does.
inline Actor const checkout_actor{ActorKind::process, InlineText<31>("checkout")};

/// The id of the `number`-th command of a step, from the command whose `index`-th fact the step is:
/// the same whether the command follows at once or is sent again after a crash.
CommandId checkout_step_id(CommandId command, std::uint32_t index, std::size_t number);

/// Present where the outcome of a step must be remembered with its facts. Units to give back are
/// recorded as a level at each stock item, reckoned from what it owes then: asked for twice they
/// would be given back twice.
std::optional<commands::Fingerprint> fingerprint_of(checkout::Command const& command);

/// True for what is asked of the provider or of people, once the step is durable.
bool is_for_the_world(checkout::Step step);

using PlainWork = std::variant<Compound, ReserveOrder, ReleaseReservation, ExpireReservation,
                               FillReservation, DispatchParcel, TransferStock, AdvanceCheckout,
                               EditOrder, MovePayment, CheckoutStep>;

/// Work that an operator asked for: the entry of the audit record stands in the same append. Work
/// that is refused leaves none.
struct Audited {
    PlainWork work;
    audit::TakeNote note;
};

using Work = std::variant<Compound, ReserveOrder, ReleaseReservation, ExpireReservation,
                          FillReservation, DispatchParcel, TransferStock, AdvanceCheckout,
                          EditOrder, MovePayment, CheckoutStep, Audited>;

/// The shop's no, from whichever aggregate it came.
using Refusal = std::variant<order::Rejection, stock::Rejection, reservation::Rejection,
                             payment::Rejection, fulfilment::Rejection, product::Rejection,
                             coupon::Rejection, customer::Rejection, documents::Rejection,
                             audit::Rejection, webhook::Rejection, webhook_book::Rejection>;

} // namespace kontor::services
