#pragma once

/// The facts of an order, past tense.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one, and enumerators are stored as numbers. A fact changes in one way only: an optional
/// field added at its end. Source: DOMAIN section 10; fields beyond its list are marked "promise",
/// for what was promised to the buyer is copied into the order, or "request".
///
/// A `request` is the id of the command that brought the fact about. It stands in the facts of the
/// three commands that have no id of their own, so that the state can tell a repetition from a
/// second wish.

#include "domain/order/terms.hpp"

#include "domain/values/address.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace kontor::order {

struct Placed {
    OrderId order_id;
    std::optional<CustomerId> customer_id;
    Channel channel;
    Currency currency;
    RoundingPolicy rounding;
    Instant pay_by;
    std::vector<Line> lines;
    NetTax shipping;
    Money discount; ///< the sum over all lines
    std::optional<CouponCode> coupon;
    Money total;
    Country country;
    Personal<Address> ship_to;
    Personal<Contact> contact;
    std::optional<PaymentOffer> payment{};
    std::optional<ShippingMethodCode> shipping_method{};
    Duration ship_within{};                  ///< promise: from confirmation to the last parcel
    std::optional<Duration> return_window{}; ///< promise: from delivery; absent: returns for ever
    ServicesShip services_ship{ServicesShip::at_confirmation}; ///< promise
    friend bool operator==(Placed const&, Placed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Placed, (),
                      (order_id, customer_id, channel, currency, rounding, pay_by, lines, shipping,
                       discount, coupon, total, country, ship_to, contact, payment, shipping_method,
                       ship_within, return_window, services_ship))
static_assert(describes_every_field<Placed>());

/// A second or third way to pay; the first stands in Placed.
struct PaymentOffered {
    std::uint32_t attempt;
    PaymentMethod method;
    Personal<std::string> token;
    friend bool operator==(PaymentOffered const&, PaymentOffered const&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentOffered, (), (attempt, method, token))
static_assert(describes_every_field<PaymentOffered>());

struct Confirmed {
    std::optional<PaymentId> payment_id;
    std::optional<ReservationId> reservation_id;
    Instant ship_by;
    friend bool operator==(Confirmed const&, Confirmed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Confirmed, (), (payment_id, reservation_id, ship_by))
static_assert(describes_every_field<Confirmed>());

struct Rejected {
    RejectReason reason;
    std::vector<Shortage> shortages{};
    friend bool operator==(Rejected const&, Rejected const&) = default;
};
BOOST_DESCRIBE_STRUCT(Rejected, (), (reason, shortages))
static_assert(describes_every_field<Rejected>());

struct Expired {
    Instant pay_by;
    friend bool operator==(Expired const&, Expired const&) = default;
};
BOOST_DESCRIBE_STRUCT(Expired, (), (pay_by))
static_assert(describes_every_field<Expired>());

/// The whole order is off. `value` is what was still owed for it, shipping included.
struct Cancelled {
    std::string reason;
    ActorKind by;
    NetTax value;
    friend bool operator==(Cancelled const&, Cancelled const&) = default;
};
BOOST_DESCRIBE_STRUCT(Cancelled, (), (reason, by, value))
static_assert(describes_every_field<Cancelled>());

/// Units that will never ship. If no unit of the order is left, Cancelled follows at once.
struct LinesCancelled {
    std::vector<LineQuantity> lines;
    NetTax value;
    std::string reason;
    ActorKind by;
    CommandId request;
    friend bool operator==(LinesCancelled const&, LinesCancelled const&) = default;
};
BOOST_DESCRIBE_STRUCT(LinesCancelled, (), (lines, value, reason, by, request))
static_assert(describes_every_field<LinesCancelled>());

struct AddressChanged {
    std::optional<Personal<Address>> ship_to;
    std::optional<Personal<Contact>> contact;
    CommandId request;
    friend bool operator==(AddressChanged const&, AddressChanged const&) = default;
};
BOOST_DESCRIBE_STRUCT(AddressChanged, (), (ship_to, contact, request))
static_assert(describes_every_field<AddressChanged>());

struct EditOpened {
    Actor editor;
    Instant until;
    friend bool operator==(EditOpened const&, EditOpened const&) = default;
};
BOOST_DESCRIBE_STRUCT(EditOpened, (), (editor, until))
static_assert(describes_every_field<EditOpened>());

struct EditAbandoned {
    std::string reason;
    friend bool operator==(EditAbandoned const&, EditAbandoned const&) = default;
};
BOOST_DESCRIBE_STRUCT(EditAbandoned, (), (reason))
static_assert(describes_every_field<EditAbandoned>());

/// `delta` is what the order now costs more; less than zero when it costs less.
struct Edited {
    std::vector<Line> added;
    std::vector<LineQuantity> cancelled;
    Money delta;
    std::optional<PaymentId> payment_id{};
    std::optional<ReservationId> reservation_id{};
    friend bool operator==(Edited const&, Edited const&) = default;
};
BOOST_DESCRIBE_STRUCT(Edited, (), (added, cancelled, delta, payment_id, reservation_id))
static_assert(describes_every_field<Edited>());

/// One parcel left, or, without a fulfilment, services that need none. `value` is what of the order
/// it carries; the first one carries shipping too.
struct Shipped {
    std::optional<FulfilmentId> fulfilment_id;
    std::vector<LineQuantity> lines;
    NetTax value;
    friend bool operator==(Shipped const&, Shipped const&) = default;
};
BOOST_DESCRIBE_STRUCT(Shipped, (), (fulfilment_id, lines, value))
static_assert(describes_every_field<Shipped>());

struct Delivered {
    std::optional<FulfilmentId> fulfilment_id;
    std::vector<LineQuantity> lines;
    std::optional<Instant> returnable_until{}; ///< promise; absent: for ever
    friend bool operator==(Delivered const&, Delivered const&) = default;
};
BOOST_DESCRIBE_STRUCT(Delivered, (), (fulfilment_id, lines, returnable_until))
static_assert(describes_every_field<Delivered>());

/// `net` is what was captured less what was refunded; `uncollected` is what could not be had.
struct Completed {
    Money net;
    Money uncollected;
    friend bool operator==(Completed const&, Completed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Completed, (), (net, uncollected))
static_assert(describes_every_field<Completed>());

/// With a fulfilment: the carrier brings that parcel back undelivered. Without: the buyer returns.
struct ReturnRequested {
    ReturnId return_id;
    std::vector<LineQuantity> lines;
    std::string reason;
    ActorKind by;
    std::optional<FulfilmentId> fulfilment_id{};
    friend bool operator==(ReturnRequested const&, ReturnRequested const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReturnRequested, (), (return_id, lines, reason, by, fulfilment_id))
static_assert(describes_every_field<ReturnRequested>());

/// `value` is what the units that came back were sold for; `last`: nothing more is awaited.
struct ReturnReceived {
    ReturnId return_id;
    std::vector<ReturnedLine> lines;
    NetTax value;
    bool last;
    CommandId request;
    friend bool operator==(ReturnReceived const&, ReturnReceived const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReturnReceived, (), (return_id, lines, value, last, request))
static_assert(describes_every_field<ReturnReceived>());

struct ReturnCancelled {
    ReturnId return_id;
    std::string reason;
    friend bool operator==(ReturnCancelled const&, ReturnCancelled const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReturnCancelled, (), (return_id, reason))
static_assert(describes_every_field<ReturnCancelled>());

/// `value` splits `amount` into the net value and the tax that go back.
struct RefundGranted {
    RefundId refund_id;
    PaymentId payment_id;
    RefundKind kind;
    Money amount;
    NetTax value;
    std::vector<LineQuantity> lines;
    std::optional<ReturnId> return_id;
    std::string reason;
    ActorKind by;
    friend bool operator==(RefundGranted const&, RefundGranted const&) = default;
};
BOOST_DESCRIBE_STRUCT(RefundGranted, (),
                      (refund_id, payment_id, kind, amount, value, lines, return_id, reason, by))
static_assert(describes_every_field<RefundGranted>());

using Event =
    std::variant<Placed, PaymentOffered, Confirmed, Rejected, Expired, Cancelled, LinesCancelled,
                 AddressChanged, EditOpened, EditAbandoned, Edited, Shipped, Delivered, Completed,
                 ReturnRequested, ReturnReceived, ReturnCancelled, RefundGranted>;

} // namespace kontor::order
