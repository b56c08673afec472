#pragma once

/// Where the order process stands: the fold of its own facts. It knows what was ordered and where
/// the units are, what of the money is held, captured and given back, what was asked and not yet
/// answered, and what it waits for.
///
/// One struct with a phase rather than a variant: goods and money are the same in every phase, and
/// a late fact may meet any of them. Kept small, for each order has one and each step copies it.

#include "domain/checkout/commands.hpp"
#include "domain/checkout/events.hpp"

#include <boost/container/small_vector.hpp>

namespace kontor::checkout {

template <class T, std::size_t N>
using Few = boost::container::small_vector<T, N>;

/// Units of a line that are in no parcel and not cancelled. Parcels hold the others.
/// Line 0: units reserved for an edit that is not committed.
struct Goods {
    LineNumber line;
    Sku sku;
    Location location{};
    std::uint16_t reservation{0}; ///< index among the reservations
    std::int32_t unpromised{0};
    std::int32_t ready{0};   ///< on the shelf
    std::int32_t waiting{0}; ///< promised beyond the shelf
    friend bool operator==(Goods const&, Goods const&) = default;
};

enum class Hold : std::uint8_t { asked, held, confirmed, closed };
struct Reservation {
    ReservationId id;
    std::uint16_t attempt{1};
    Hold hold{Hold::asked};
    std::uint16_t parts{0}; ///< that are held
    bool extended{false};
    bool releasing{false};
    friend bool operator==(Reservation const&, Reservation const&) = default;
};

enum class PaymentStatus : std::uint8_t {
    asked,      ///< no definite answer yet
    declined,   ///< nothing is held
    authorised, ///< held
    voiding,    ///< we asked to let go of it
    over        ///< nothing is held any more: voided, expired, or the last capture was taken
};
enum class PaymentUse : std::uint8_t {
    offer,   ///< the buyer's, at the till
    renewal, ///< instead of one that ends soon
    late,    ///< for what left after the authorisation had ended
    edit     ///< for the difference of an edit
};
BOOST_DESCRIBE_ENUM(PaymentUse, offer, renewal, late, edit)
struct Payment {
    PaymentId id;
    std::uint16_t attempt{1};
    PaymentStatus status{PaymentStatus::asked};
    PaymentUse use{PaymentUse::offer};
    bool unknown{false};    ///< the provider did not answer
    bool superseded{false}; ///< a renewal has taken its place, or its edit came to nothing
    std::uint16_t edit{0};  ///< which edit it is for
    std::uint16_t tries{0}; ///< to find out
    std::int64_t asked{0};
    std::int64_t held{0};     ///< what was authorised, captured or not
    std::int64_t captured{0}; ///< of it
    std::int64_t refunded{0}; ///< of what was captured, asked for or done
    Instant capture_before{};
    friend bool operator==(Payment const&, Payment const&) = default;
};

/// A capture or refund that is not settled.
struct Transfer {
    Id128 id; ///< capture or refund
    PaymentId payment_id;
    Step step{Step::capture};
    bool last{false};     ///< capture: the payment's last
    bool unknown{false};  ///< the provider did not answer
    bool pending{false};  ///< refund: the provider has it
    bool blocked{false};  ///< refund: a dispute forbids it
    bool given_up{false}; ///< capture: not tried again; it may succeed after all
    order::RefundKind kind{order::RefundKind::cancel};
    std::uint16_t tries{0};    ///< to find out
    std::uint16_t refusals{0}; ///< capture: by the provider
    std::int64_t amount{0};
    Id128 cause{};               ///< capture: the parcel; refund: the return
    std::int64_t ahead{0};       ///< capture given up: what of it is due again when goods leave
    std::int64_t uncollected{0}; ///< capture given up: what of it could not be had
    friend bool operator==(Transfer const&, Transfer const&) = default;
};

enum class ParcelStatus : std::uint8_t {
    open,        ///< asked for, not dispatched
    pulled,      ///< units of it were cancelled: it must not leave
    cancelling,  ///< we asked to take it back
    gone,        ///< taken back
    shipped,     ///< with the carrier
    returning,   ///< the carrier gave up; a return must be asked for
    coming_back, ///< a return is open
    lost,        ///< it was to come back and did not
    arrived      ///< delivered, or back
};
struct Parcel {
    FulfilmentId id;
    ParcelStatus status{ParcelStatus::open};
    std::uint8_t holds{0}; ///< a bit for each fulfilment::HoldReason of ours
    Few<LineQuantity, 3> lines{};
    friend bool operator==(Parcel const&, Parcel const&) = default;
};

struct Return {
    ReturnId id;
    FulfilmentId parcel{};  ///< nil: the buyer returns
    bool awaited{true};     ///< units may still come
    bool inspecting{false}; ///< an operator decides
    std::int64_t owed{0};   ///< to be refunded
    friend bool operator==(Return const&, Return const&) = default;
};

/// An edit that is open.
struct Edit {
    std::vector<order::Line> added{};
    std::vector<LineQuantity> cancelled{};
    std::int64_t delta{0};
    bool asked{false};      ///< its content is known
    bool committing{false}; ///< CommitEdit left
    bool abandoning{false}; ///< AbandonEdit left
    bool failed{false};     ///< the order refused it
    friend bool operator==(Edit const&, Edit const&) = default;
};

struct Waiting {
    Deadline deadline;
    Id128 subject{};
    Instant at{};
    friend bool operator==(Waiting const&, Waiting const&) = default;
};

using WaitingList = Few<Waiting, 3>;

/// Promises to give back because their units were cancelled.
struct Excess {
    std::uint16_t reservation;
    reservation::Item item;
    friend bool operator==(Excess const&, Excess const&) = default;
};

enum class OrderStatus : std::uint8_t { open, confirmed, completing, closed };

struct State {
    Phase phase{Phase::none};
    OrderStatus order{OrderStatus::open};
    std::optional<Step> closing{}; ///< the step that takes the order back, once it left
    order::RejectReason reject_reason{order::RejectReason::no_stock};
    CaptureSetting capture{CaptureSetting::per_parcel};
    bool in_review{false};
    bool services_open{false}; ///< services shipped without a parcel and are not delivered
    bool confirm_sent{false};
    bool has_shipped{false};
    bool services_shipped{false};
    bool by_hand{false};     ///< an operator took a parcel back to split it: none is made by itself
    std::uint16_t offers{0}; ///< made by the buyer
    std::uint16_t offers_used{0}; ///< authorised, or tried to
    std::uint16_t own_payments{0};
    std::uint16_t parcels_made{0};
    std::uint16_t refunds_made{0};
    std::uint16_t edits{0};
    OrderId order_id{};
    Currency currency{};
    Instant pay_by{};
    Instant ship_by{};
    Instant last_edit_until{};
    std::int64_t total{0};       ///< with edits, less what was cancelled
    std::int64_t shipped{0};     ///< value of what has left
    std::int64_t ahead{0};       ///< due before goods have left, because somebody asked for it
    std::int64_t given_back{0};  ///< refunds for cancelled units and for closed orders
    std::int64_t uncollected{0}; ///< what could not be had
    std::int64_t refunds{0};     ///< all that was refunded, asked for or done
    Id128 last_cause{};          ///< the parcel or edit that the next capture is for
    Few<Goods, 3> goods{};
    Few<Reservation, 1> reservations{};
    Few<Payment, 1> payments{};
    Few<Transfer, 1> transfers{};
    Few<Parcel, 1> parcels{};
    WaitingList waiting{}; ///< by deadline and subject
    std::vector<Return> returns{};
    std::vector<Excess> excess{};
    std::vector<Id128> seen{}; ///< requests of facts that have no other name
    std::optional<Edit> edit{};
    friend bool operator==(State const&, State const&) = default;
};

State initial();
/// At rest: nothing is awaited, held or owed. A late fact may still open it again.
bool is_terminal(State const& state);
State evolve(State state, Advanced const& event);
/// The same where the state stands, for it is too large to be moved for each fact.
void apply(State& state, Advanced const& event);

/// The earliest instant the process waits for; then give it `DeadlineReached`.
std::optional<Instant> next_deadline(State const& state);

/// What a recorded step asked for, complete again.
/// Requires: `after` is the state right after the step.
Command command_of(State const& after, Sent const& sent);

/// Which reservation promises the units of a line; nil: none is known. A parcel has the units of
/// one reservation alone.
ReservationId reservation_of(State const& state, LineNumber line);

// The ids that follow from the order's, so that everybody derives the same.
ReservationId reservation_id(OrderId order, std::uint32_t attempt);
PaymentId payment_id(OrderId order, std::uint32_t attempt);
FulfilmentId parcel_id(OrderId order, std::uint32_t number);

} // namespace kontor::checkout
