#pragma once

/// What can be wanted of an order, imperative. A command says what the caller wants; what a rule
/// needs beside it, prices above all, is added before it is decided, so that `decide` stays pure.

#include "domain/order/terms.hpp"

#include "domain/values/address.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace kontor::order {

/// What the shop asks for the wanted lines, decided by pricing.
/// Invariants: 1. One currency throughout; nothing is negative.
///             2. total = sum of the lines' gross values + gross shipping.
///             3. `discount` is the sum of the lines' discounts.
struct Quote {
    Currency currency;
    RoundingPolicy rounding;
    std::vector<Line> lines; ///< their numbers are given when the order is placed or edited
    NetTax shipping;
    Money discount;
    std::optional<CouponCode> coupon;
    Money total;
    std::optional<ShippingMethodCode> shipping_method{};
    friend bool operator==(Quote const&, Quote const&) = default;
};

/// What the shop promises with an order. Stored with it: later rules change no promise.
struct Promises {
    Duration pay_within{Duration::minutes(15)};
    Duration ship_within{Duration::days(7)};
    std::optional<Duration> return_window{Duration::days(30)}; ///< absent: returns for ever
    ServicesShip services_ship{ServicesShip::at_confirmation};
    friend bool operator==(Promises const&, Promises const&) = default;
};

struct Place {
    OrderId order_id;
    std::optional<CustomerId> customer_id;
    Channel channel;
    Quote quote;
    std::optional<Money> expected_total; ///< what the buyer saw; another total is price_changed
    Country country;
    Personal<Address> ship_to;
    Personal<Contact> contact;
    std::optional<PaymentOffer> payment{};
    Promises promises{};
    friend bool operator==(Place const&, Place const&) = default;
};

struct Confirm {
    std::optional<PaymentId> payment_id{};
    std::optional<ReservationId> reservation_id{};
    friend bool operator==(Confirm const&, Confirm const&) = default;
};

struct Reject {
    RejectReason reason;
    std::vector<Shortage> shortages{};
    friend bool operator==(Reject const&, Reject const&) = default;
};

struct Expire {
    friend bool operator==(Expire const&, Expire const&) = default;
};

/// `attempt` counts every offer to pay of this order; the one that came with Place is the first.
struct OfferPayment {
    std::uint32_t attempt;
    PaymentMethod method;
    Personal<std::string> token;
    friend bool operator==(OfferPayment const&, OfferPayment const&) = default;
};

struct Cancel {
    std::string reason;
    ActorKind by;
    friend bool operator==(Cancel const&, Cancel const&) = default;
};

struct CancelLines {
    std::vector<LineQuantity> lines;
    std::string reason;
    ActorKind by;
    friend bool operator==(CancelLines const&, CancelLines const&) = default;
};

struct ChangeAddress {
    std::optional<Personal<Address>> ship_to{};
    std::optional<Personal<Contact>> contact{};
    friend bool operator==(ChangeAddress const&, ChangeAddress const&) = default;
};

struct OpenEdit {
    Actor editor;
    friend bool operator==(OpenEdit const&, OpenEdit const&) = default;
};

/// `added` is quoted at today's prices; payment and reservation are those of the difference.
struct CommitEdit {
    std::vector<Line> added;
    std::vector<LineQuantity> cancelled;
    std::optional<PaymentId> payment_id{};
    std::optional<ReservationId> reservation_id{};
    friend bool operator==(CommitEdit const&, CommitEdit const&) = default;
};

struct AbandonEdit {
    std::string reason;
    friend bool operator==(AbandonEdit const&, AbandonEdit const&) = default;
};

/// Ships these units in a parcel; all open services go along with it. Without a fulfilment and
/// without lines: the open services by themselves.
struct Ship {
    std::optional<FulfilmentId> fulfilment_id;
    std::vector<LineQuantity> lines;
    friend bool operator==(Ship const&, Ship const&) = default;
};

struct Deliver {
    std::optional<FulfilmentId> fulfilment_id; ///< absent: the services that shipped without one
    friend bool operator==(Deliver const&, Deliver const&) = default;
};

/// The process says that the money is settled, or how much of it could not be had.
struct Complete {
    Money net;
    Money uncollected;
    friend bool operator==(Complete const&, Complete const&) = default;
};

/// The buyer sends units back. With a fulfilment: the carrier brings that parcel back undelivered;
/// all goods in it return, so `lines` is not looked at.
struct RequestReturn {
    ReturnId return_id;
    std::vector<LineQuantity> lines;
    std::string reason;
    ActorKind by;
    std::optional<FulfilmentId> fulfilment_id{};
    friend bool operator==(RequestReturn const&, RequestReturn const&) = default;
};

/// `last`: nothing more is awaited of this return, even if less came than was asked.
struct ReceiveReturn {
    ReturnId return_id;
    std::vector<ReturnedLine> lines;
    bool last{true};
    friend bool operator==(ReceiveReturn const&, ReceiveReturn const&) = default;
};

struct CancelReturn {
    ReturnId return_id;
    std::string reason;
    friend bool operator==(CancelReturn const&, CancelReturn const&) = default;
};

/// Goes together with payment::Refund, both or none: that one knows what was captured.
struct GrantRefund {
    RefundId refund_id;
    PaymentId payment_id;
    RefundKind kind;
    Money amount;
    std::vector<LineQuantity> lines;
    std::optional<ReturnId> return_id;
    std::string reason;
    ActorKind by;
    friend bool operator==(GrantRefund const&, GrantRefund const&) = default;
};

using Command = std::variant<Place, Confirm, Reject, Expire, OfferPayment, Cancel, CancelLines,
                             ChangeAddress, OpenEdit, CommitEdit, AbandonEdit, Ship, Deliver,
                             Complete, RequestReturn, ReceiveReturn, CancelReturn, GrantRefund>;

} // namespace kontor::order
