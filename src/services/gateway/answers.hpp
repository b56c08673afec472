#pragma once

/// What the shop answers, typed: JSON and its schema come from these descriptions. Every field is
/// named here or it does not leave: nothing of a row goes out by itself.
/// Source: INTERFACES section 5, Shapes.

#include "services/gateway/roles.hpp"

#include "codec/json_values.hpp"
#include "domain/catalog/product/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/documents/name.hpp"
#include "domain/order/labels.hpp"
#include "domain/reservation/events.hpp"
#include "services/views/goods.hpp"
#include "services/views/order_rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

// Orders and what belongs to them.

struct OrderLabels {
    order::PaymentLabel payment;
    order::FulfilmentLabel fulfilment;
};
BOOST_DESCRIBE_STRUCT(OrderLabels, (), (payment, fulfilment))
static_assert(describes_every_field<OrderLabels>());

struct OrderLineAnswer {
    LineNumber line;
    Sku sku;
    std::string title;
    SkuKind kind;
    std::int64_t quantity;
    Money unit_price;
    Money discount;
    Money net;
    Money tax;
    std::int64_t tax_bp;
    std::uint32_t cancelled;
    std::uint32_t shipped;
    std::uint32_t delivered;
    std::uint32_t return_asked;
    std::uint32_t returned;
};
BOOST_DESCRIBE_STRUCT(OrderLineAnswer, (),
                      (line, sku, title, kind, quantity, unit_price, discount, net, tax, tax_bp,
                       cancelled, shipped, delivered, return_asked, returned))
static_assert(describes_every_field<OrderLineAnswer>());

struct RefundAnswer {
    RefundId id;
    OrderId order_id;
    PaymentId payment_id;
    std::optional<order::RefundKind> kind;
    Money amount;
    views::RefundState state;
    Instant created_at;
    Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(RefundAnswer, (),
                      (id, order_id, payment_id, kind, amount, state, created_at, updated_at))
static_assert(describes_every_field<RefundAnswer>());

struct PaymentAnswer {
    PaymentId id;
    OrderId order_id;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    std::uint32_t attempt;
    views::PaymentState state;
    std::optional<PaymentMethod> method; ///< as the buyer offered it; none: it was imported
    Money amount;                        ///< authorised, or else asked for
    Money held;                          ///< authorised and neither captured nor let go
    Money captured;
    Money refunded;
    Money refund_pending;
    std::optional<payment::Provider> provider;
    std::optional<payment::ProviderCode> code; ///< the provider's last no
    std::optional<Instant> capture_before;
    /// Where the buyer takes the step that the bank wants, while it is open; lists do not say it.
    std::optional<Personal<std::string>> action_url;
    std::optional<std::vector<RefundAnswer>> refunds; ///< of a payment that is shown alone
};
BOOST_DESCRIBE_STRUCT(PaymentAnswer, (),
                      (id, order_id, version, created_at, updated_at, attempt, state, method,
                       amount, held, captured, refunded, refund_pending, provider, code,
                       capture_before, action_url, refunds))
static_assert(describes_every_field<PaymentAnswer>());

struct ShipmentAnswer {
    FulfilmentId id;
    OrderId order_id;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    views::ShipmentState state;
    Location location;
    Instant ship_by;
    std::vector<fulfilment::Line> lines;
    std::optional<fulfilment::Carrier> carrier;
    std::optional<Personal<std::string>> tracking;
};
BOOST_DESCRIBE_STRUCT(ShipmentAnswer, (),
                      (id, order_id, version, created_at, updated_at, state, location, ship_by,
                       lines, carrier, tracking))
static_assert(describes_every_field<ShipmentAnswer>());

struct ReturnLineAnswer {
    LineNumber line;
    std::uint32_t quantity;
    std::uint32_t restock;
    std::uint32_t damaged;
    std::uint32_t write_off;
};
BOOST_DESCRIBE_STRUCT(ReturnLineAnswer, (), (line, quantity, restock, damaged, write_off))
static_assert(describes_every_field<ReturnLineAnswer>());

struct ReturnAnswer {
    ReturnId id;
    OrderId order_id;
    Instant created_at;
    Instant updated_at;
    views::ReturnState state;
    std::string reason;
    std::vector<ReturnLineAnswer> lines;
};
BOOST_DESCRIBE_STRUCT(ReturnAnswer, (),
                      (id, order_id, created_at, updated_at, state, reason, lines))
static_assert(describes_every_field<ReturnAnswer>());

/// An invoice or a credit note.
struct DocumentAnswer {
    documents::Kind kind;
    std::string number; ///< "INV-2026-17"
    Instant issued_at;
    OrderId order_id;
    std::optional<FulfilmentId> fulfilment_id;
    std::optional<RefundId> refund_id;
    Money net;
    Money tax;
    Money gross;
};
BOOST_DESCRIBE_STRUCT(DocumentAnswer, (),
                      (kind, number, issued_at, order_id, fulfilment_id, refund_id, net, tax,
                       gross))
static_assert(describes_every_field<DocumentAnswer>());

/// Why an order did not come about.
struct RejectedAnswer {
    order::RejectReason reason;
    std::vector<Shortage> shortages; ///< what was asked for and is not there
};
BOOST_DESCRIBE_STRUCT(RejectedAnswer, (), (reason, shortages))
static_assert(describes_every_field<RejectedAnswer>());

/// An order in a list.
struct OrderSummaryAnswer {
    OrderId id;
    std::string number; ///< as people read it to each other
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    views::OrderState state;
    OrderLabels labels;
    Currency currency;
    std::optional<CustomerId> customer_id;
    order::Channel channel;
    Country country;
    std::uint32_t lines;
    Money total;
    Money due;
    Money net;
};
BOOST_DESCRIBE_STRUCT(OrderSummaryAnswer, (),
                      (id, number, version, created_at, updated_at, state, labels, currency,
                       customer_id, channel, country, lines, total, due, net))
static_assert(describes_every_field<OrderSummaryAnswer>());

struct OrderAnswer {
    OrderId id;
    std::string number;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    views::OrderState state;
    OrderLabels labels;
    Currency currency;
    std::optional<CustomerId> customer_id;
    order::Channel channel;
    Country country;
    std::vector<OrderLineAnswer> lines;
    NetTax shipping;
    std::optional<ShippingMethodCode> shipping_method;
    Money discount;
    std::optional<CouponCode> coupon;
    Money total;
    Money due;
    Money net;
    std::optional<Instant> pay_by;  ///< while it waits for payment
    std::optional<Instant> ship_by; ///< once it is confirmed
    std::optional<RejectedAnswer> rejected;
    Personal<Address> ship_to;
    Personal<Contact> contact;
    std::vector<PaymentAnswer> payments;
    std::vector<ShipmentAnswer> shipments;
    std::vector<ReturnAnswer> returns;
    std::vector<RefundAnswer> refunds;
    std::optional<std::vector<DocumentAnswer>> documents; ///< of an order that is shown alone
};
BOOST_DESCRIBE_STRUCT(OrderAnswer, (),
                      (id, number, version, created_at, updated_at, state, labels, currency,
                       customer_id, channel, country, lines, shipping, shipping_method, discount,
                       coupon, total, due, net, pay_by, ship_by, rejected, ship_to, contact,
                       payments, shipments, returns, refunds, documents))
static_assert(describes_every_field<OrderAnswer>());

// Catalogue.

enum class Availability : std::uint8_t { available, low, backorder, sold_out, not_stocked };
BOOST_DESCRIBE_ENUM(Availability, available, low, backorder, sold_out, not_stocked)

struct AvailabilityAnswer {
    Availability state;
    std::optional<std::int64_t> left; ///< shown when few are left
};
BOOST_DESCRIBE_STRUCT(AvailabilityAnswer, (), (state, left))
static_assert(describes_every_field<AvailabilityAnswer>());

struct PriceAnswer {
    Money price;
    Instant from;
};
BOOST_DESCRIBE_STRUCT(PriceAnswer, (), (price, from))
static_assert(describes_every_field<PriceAnswer>());

struct ProductAnswer {
    Sku sku;
    std::uint64_t version;
    std::string title;
    SkuKind kind;
    TaxClass tax_class;
    bool withdrawn;
    std::vector<PriceAnswer> prices;
    std::optional<std::string> text;
    std::optional<std::string> category;
    std::optional<std::int64_t> weight_g;
    std::optional<std::vector<product::Attribute>> attributes;
    std::optional<std::vector<std::string>> images;
    std::optional<Sku> parent;
    std::optional<AvailabilityAnswer> availability; ///< where products are looked for or shown
};
BOOST_DESCRIBE_STRUCT(ProductAnswer, (),
                      (sku, version, title, kind, tax_class, withdrawn, prices, text, category,
                       weight_g, attributes, images, parent, availability))
static_assert(describes_every_field<ProductAnswer>());

struct CouponAnswer {
    CouponCode code;
    std::uint64_t version;
    std::optional<BasisPoints> bp;
    std::optional<Money> amount;
    Instant from;
    Instant until;
    std::optional<Money> minimum;
    std::int64_t uses;
    std::int64_t uses_left;
};
BOOST_DESCRIBE_STRUCT(CouponAnswer, (),
                      (code, version, bp, amount, from, until, minimum, uses, uses_left))
static_assert(describes_every_field<CouponAnswer>());

struct QuoteLineAnswer {
    LineNumber line;
    Sku sku;
    std::string title;
    SkuKind kind;
    std::int64_t quantity;
    Money unit_price;
    Money discount;
    Money net;
    Money tax;
    std::int64_t tax_bp;
};
BOOST_DESCRIBE_STRUCT(QuoteLineAnswer, (),
                      (line, sku, title, kind, quantity, unit_price, discount, net, tax, tax_bp))
static_assert(describes_every_field<QuoteLineAnswer>());

struct QuoteAnswer {
    Currency currency;
    std::vector<QuoteLineAnswer> lines;
    NetTax shipping;
    std::optional<ShippingMethodCode> shipping_method;
    Money discount;
    std::optional<CouponCode> coupon;
    Money total;
};
BOOST_DESCRIBE_STRUCT(QuoteAnswer, (),
                      (currency, lines, shipping, shipping_method, discount, coupon, total))
static_assert(describes_every_field<QuoteAnswer>());

struct ShippingMethodAnswer {
    ShippingMethodCode code;
    std::string title;
    std::vector<Country> countries; ///< none: everywhere
    std::vector<Money> from;        ///< the lowest price, one for each currency
    std::vector<Money> free_from;
    std::int64_t delivery_days;
};
BOOST_DESCRIBE_STRUCT(ShippingMethodAnswer, (),
                      (code, title, countries, from, free_from, delivery_days))
static_assert(describes_every_field<ShippingMethodAnswer>());

struct TestToken {
    std::string token;
    std::string outcome;
};
BOOST_DESCRIBE_STRUCT(TestToken, (), (token, outcome))
static_assert(describes_every_field<TestToken>());

struct PaymentMethodAnswer {
    std::string method;
    std::string title;
    std::vector<TestToken> test_tokens;
};
BOOST_DESCRIBE_STRUCT(PaymentMethodAnswer, (), (method, title, test_tokens))
static_assert(describes_every_field<PaymentMethodAnswer>());

// Inventory.

struct StockItemAnswer {
    Sku sku;
    Location location;
    std::uint64_t version;
    std::int64_t on_hand;
    std::int64_t reserved;
    std::int64_t safety;
    std::int64_t available; ///< may be negative
    std::int64_t backordered;
    std::int64_t backorder_max;
    std::int64_t low_at;
};
BOOST_DESCRIBE_STRUCT(StockItemAnswer, (),
                      (sku, location, version, on_hand, reserved, safety, available, backordered,
                       backorder_max, low_at))
static_assert(describes_every_field<StockItemAnswer>());

enum class ReservationState : std::uint8_t { held, confirmed, rejected, released, expired };
BOOST_DESCRIBE_ENUM(ReservationState, held, confirmed, rejected, released, expired)

struct ReservationAnswer {
    ReservationId id;
    OrderId order_id;
    std::uint64_t version;
    ReservationState state;
    std::vector<reservation::Item> items;
    std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(ReservationAnswer, (), (id, order_id, version, state, items, expires_at))
static_assert(describes_every_field<ReservationAnswer>());

// Customers.

struct CustomerAnswer {
    CustomerId id;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    bool guest;
    bool erased;
    Country country;
    std::optional<Personal<std::string>> email;
    std::optional<Personal<std::string>> name;
    std::optional<Personal<std::string>> phone;
    std::optional<std::vector<Personal<Address>>> addresses;
    std::optional<std::vector<customer::TopicChannels>> channels;
};
BOOST_DESCRIBE_STRUCT(CustomerAnswer, (),
                      (id, version, created_at, updated_at, guest, erased, country, email, name,
                       phone, addresses, channels))
static_assert(describes_every_field<CustomerAnswer>());

/// All that we hold of a person.
struct CustomerExport {
    CustomerAnswer customer;
    std::vector<OrderAnswer> orders;
};
BOOST_DESCRIBE_STRUCT(CustomerExport, (), (customer, orders))
static_assert(describes_every_field<CustomerExport>());

// Facts.

struct FactActor {
    ActorKind kind;
    std::string id;
};
BOOST_DESCRIBE_STRUCT(FactActor, (), (kind, id))
static_assert(describes_every_field<FactActor>());

/// The envelope of a fact; `data` is as docs/reference/events.md says.
struct FactEnvelope {
    EventId id;
    std::string type;
    std::uint16_t type_version;
    StreamId stream;
    std::uint64_t version;
    std::uint64_t position;
    Instant occurred_at;
    Instant recorded_at;
    CommandId command_id;
    Id128 correlation_id;
    std::optional<Id128> causation_id; ///< none: nothing that the log knows led to it
    FactActor actor;
};
BOOST_DESCRIBE_STRUCT(FactEnvelope, (),
                      (id, type, type_version, stream, version, position, occurred_at, recorded_at,
                       command_id, correlation_id, causation_id, actor))
static_assert(describes_every_field<FactEnvelope>());

} // namespace kontor::services::gateway
