#pragma once

/// What the order process asks for, in the shop's words: intents for others, each complete, so that
/// it can be sent again after a crash. Whoever carries one out derives the command's id from the
/// causing event and the step, and answers a rejection with `Refused`.

#include "domain/checkout/words.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/order/terms.hpp"
#include "domain/payment/events.hpp"
#include "domain/reservation/events.hpp"

#include "domain/values/ids.hpp"
#include "domain/values/lines.hpp"
#include "domain/values/money.hpp"

#include <boost/container/small_vector.hpp>

#include <optional>
#include <variant>
#include <vector>

namespace kontor::checkout {

/// Promise all lines or none; sum them by SKU first.
struct ReserveLines {
    ReservationId reservation_id;
    std::uint16_t attempt;
    fulfilment::Lines lines;
    Instant expires_at;
};

struct ExtendHold {
    ReservationId reservation_id;
    Instant expires_at;
};

/// Give back units that have not left; without items all of them.
struct ReleaseReservation {
    ReservationId reservation_id;
    reservation::Items items;
    reservation::ReleaseReason reason;
};

/// Have `amount` held. `offer` is the number of the buyer's payment offer that brings the token;
/// `initiator` says whether the buyer is there.
struct Authorise {
    PaymentId payment_id;
    std::uint32_t attempt;
    std::uint32_t offer;
    Money amount;
    payment::Initiator initiator;
};

/// Look up in the provider's book what became of a call, and record it.
struct FindPayment {
    PaymentId payment_id;
    payment::OperationKind operation;
    Id128 operation_id; ///< of the capture or refund; else of the payment
    IfNothingFound if_nothing;
};

struct Capture {
    PaymentId payment_id;
    CaptureId capture_id;
    std::optional<FulfilmentId> fulfilment_id;
    Money amount;
    bool last; ///< nothing more will be captured of this payment
};

/// Let go of what is held and not captured.
struct VoidPayment {
    PaymentId payment_id;
    payment::VoidReason reason;
};

/// Compound {order::GrantRefund, payment::Refund}; the provider is called once the refund is
/// pending.
struct RefundPayment {
    RefundId refund_id;
    PaymentId payment_id;
    order::RefundKind kind;
    Money amount;
    std::optional<ReturnId> return_id;
};

/// Compound {reservation::Confirm, order::Confirm}; without goods, or without anything to pay, the
/// part that is not there is left out.
struct ConfirmOrder {
    std::optional<PaymentId> payment_id;
    std::optional<ReservationId> reservation_id;
};

struct RejectOrder {
    order::RejectReason reason;
    std::vector<Shortage> shortages;
};

struct ExpireOrder {};

/// Cancel an order that was confirmed although the process had given it up.
struct CancelOrder {};

struct CreateFulfilment {
    FulfilmentId fulfilment_id;
    Location location;
    fulfilment::Lines lines;
    Instant ship_by;
};

struct CancelFulfilment {
    FulfilmentId fulfilment_id;
    fulfilment::HoldReason reason;
};

struct HoldFulfilment {
    FulfilmentId fulfilment_id;
    fulfilment::HoldReason reason;
};

struct ResumeFulfilment {
    FulfilmentId fulfilment_id;
    fulfilment::HoldReason reason;
};

/// Compound {fulfilment::Deliver, order::Deliver}: the carrier was silent for so long that the
/// parcel counts as delivered. Without a fulfilment: services that shipped without a parcel.
struct DeliverFulfilment {
    std::optional<FulfilmentId> fulfilment_id;
};

/// Units that will not ship in time.
struct CancelLines {
    std::vector<LineQuantity> lines;
    Deadline because;
};

/// A parcel comes back undelivered.
struct RequestReturn {
    ReturnId return_id;
    FulfilmentId fulfilment_id;
    std::vector<LineQuantity> lines;
};

struct CancelReturn {
    ReturnId return_id;
};

/// Compound {order::CommitEdit, reservation::Confirm of the difference}.
struct CommitEdit {
    std::vector<order::Line> added;
    std::vector<LineQuantity> cancelled;
    std::optional<PaymentId> payment_id;
    std::optional<ReservationId> reservation_id;
};

struct AbandonEdit {};

struct CompleteOrder {
    Money net;
    Money uncollected;
};

/// The authorisation could not be renewed: ask the buyer for help.
struct AskBuyer {
    PaymentId payment_id;
};

/// order::Ship without a parcel: no goods are left, the services of the order go alone.
struct ShipServices {};

/// An operator should look: a deadline passed that the process cannot answer alone.
struct RaiseAlarm {
    Deadline deadline;
    Id128 subject;
};

using Command =
    std::variant<ReserveLines, ExtendHold, ReleaseReservation, Authorise, FindPayment, Capture,
                 VoidPayment, RefundPayment, ConfirmOrder, RejectOrder, ExpireOrder, CancelOrder,
                 CreateFulfilment, CancelFulfilment, HoldFulfilment, ResumeFulfilment,
                 DeliverFulfilment, CancelLines, RequestReturn, CancelReturn, CommitEdit,
                 AbandonEdit, CompleteOrder, AskBuyer, RaiseAlarm, ShipServices>;

using Commands = boost::container::small_vector<Command, 1>;

} // namespace kontor::checkout
