#pragma once

/// What the order process reacts to: facts of order, reservation, payment and fulfilment, reached
/// deadlines, and commands of its own that were refused. Facts come by reference, with the id of
/// their stream where they lack it; they live as long as the call.
///
/// Delivery: each input at least once, in any sequence; the facts of one stream in theirs. What was
/// seen before, or concerns nobody, gives no outputs.

#include "domain/checkout/words.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/order/events.hpp"
#include "domain/payment/events.hpp"
#include "domain/reservation/events.hpp"

namespace kontor::checkout {

/// A fact of the order itself. `capture` is the provider's setting; it counts when the order is
/// placed and is a promise from then on.
struct OrderFact {
    order::Event const& fact;
    CaptureSetting capture{CaptureSetting::per_parcel};
};

struct ReservationFact {
    ReservationId reservation_id;
    reservation::Event const& fact;
};

struct PaymentFact {
    PaymentId payment_id;
    payment::Event const& fact;
};

struct FulfilmentFact {
    FulfilmentId fulfilment_id;
    fulfilment::Event const& fact;
};

/// Analytics finds the order suspicious enough for a person to look at it.
struct RiskFlagged {
    std::uint32_t score;
};

/// What an open edit shall change. `added` is quoted, its numbers are not yet given; `delta` is
/// what the order will cost more, less than zero when less.
struct EditAsked {
    std::vector<order::Line> added;
    std::vector<LineQuantity> cancelled;
    Money delta;
};

/// What people may ask of the money of an order, which the process else moves by itself.
enum class MoneyMove : std::uint8_t {
    capture, ///< now, before it is due
    void_,   ///< let go of what is held
    retry    ///< make the call now that waits to be made again
};

/// Whoever asks has looked at `capturable`, `is_calling` and `waits_for_call`; what is impossible
/// changes nothing.
struct MoneyAsked {
    PaymentId payment_id;
    MoneyMove move{MoneyMove::retry};
    Money amount{}; ///< of a capture
};

/// The instant that `next_deadline` named has come.
struct DeadlineReached {};

/// A decider refused a step. `subject` is that of the command, as in `Sent`.
struct Refused {
    Step step;
    Id128 subject{};
    RefusalReason reason{RefusalReason::other};
};

/// A step was carried out that no fact of the order's answers: units that were given back. Noted so
/// that the log says for good that it was done.
struct CarriedOut {
    Step step;
    Id128 subject{};
};

/// False: the process never reacts to such a fact, so nobody needs to load it.
bool concerns_checkout(order::Event const& fact);
bool concerns_checkout(reservation::Event const& fact);
bool concerns_checkout(payment::Event const& fact);
bool concerns_checkout(fulfilment::Event const& fact);

} // namespace kontor::checkout
