#pragma once

/// The rows of the read model "orders": what was bought, how far it got, how it was paid, what left
/// the house and what came back. Nothing personal stands here.
/// Units: amounts are minor units of the row's currency.
/// Source: INTERFACES section 5, Shapes; DOMAIN section 4.

#include "platform/projections/table.hpp"

#include "domain/fulfilment/events.hpp"
#include "domain/order/labels.hpp"
#include "domain/order/terms.hpp"
#include "domain/payment/events.hpp"

namespace kontor::services::views {

using CurrencyCode = InlineText<3>;

/// The order as it was placed; what moves stands in OrderProgress, a narrow table, for rows that
/// change are the dear ones.
struct OrderRow {
    static constexpr std::string_view table = "orders";
    static constexpr std::size_t key_columns = 1;
    OrderId id;
    std::optional<CustomerId> customer_id;
    order::Channel channel;
    Country country;
    CurrencyCode currency;
    Instant placed_at;
    Instant pay_by;
    std::uint32_t lines;
    std::int64_t total; ///< with all edits
    std::int64_t discount;
    std::int64_t shipping_net;
    std::int64_t shipping_tax;
    std::optional<CouponCode> coupon;
    std::optional<ShippingMethodCode> shipping_method;
    std::optional<PaymentMethod> method; ///< that was offered last
    friend bool operator==(OrderRow const&, OrderRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderRow, (),
                      (id, customer_id, channel, country, currency, placed_at, pay_by, lines, total,
                       discount, shipping_net, shipping_tax, coupon, shipping_method, method))
static_assert(describes_every_field<OrderRow>());

/// Which orders a number is of that people read to each other; hardly ever more than one.
struct OrderNumberRow {
    static constexpr std::string_view table = "order_numbers";
    static constexpr std::size_t key_columns = 2;
    std::uint64_t number;
    OrderId order_id;
    friend bool operator==(OrderNumberRow const&, OrderNumberRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderNumberRow, (), (number, order_id))
static_assert(describes_every_field<OrderNumberRow>());

/// What happened to the units of one line so far.
struct LineCounts {
    std::uint32_t ordered;
    std::uint32_t cancelled;
    std::uint32_t shipped;
    std::uint32_t delivered;
    std::uint32_t return_asked;
    std::uint32_t returned;
    std::uint32_t returning; ///< announced and not here yet
    friend bool operator==(LineCounts const&, LineCounts const&) = default;
};
BOOST_DESCRIBE_STRUCT(LineCounts, (),
                      (ordered, cancelled, shipped, delivered, return_asked, returned, returning))
static_assert(describes_every_field<LineCounts>());

enum class OrderState : std::uint8_t {
    placed,
    confirmed,
    editing,
    completed,
    cancelled,
    rejected,
    expired
};
BOOST_DESCRIBE_ENUM(OrderState, placed, confirmed, editing, completed, cancelled, rejected, expired)

struct OrderProgressRow {
    static constexpr std::string_view table = "order_progress";
    static constexpr std::size_t key_columns = 1;
    OrderId id;
    std::uint64_t version;
    Instant updated_at;
    OrderState state;
    order::PaymentLabel payment;
    order::FulfilmentLabel fulfilment;
    std::int64_t due;
    std::int64_t net; ///< captured less refunded
    std::int64_t authorised;
    std::int64_t captured;
    std::int64_t refunded;
    std::int64_t cancelled; ///< value
    std::int64_t granted;   ///< refunds for returns, goodwill and shipping
    std::optional<Instant> ship_by;
    std::vector<LineCounts> counts; ///< by line number, from 1
    std::vector<PaymentId> payments;
    friend bool operator==(OrderProgressRow const&, OrderProgressRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderProgressRow, (),
                      (id, version, updated_at, state, payment, fulfilment, due, net, authorised,
                       captured, refunded, cancelled, granted, ship_by, counts, payments))
static_assert(describes_every_field<OrderProgressRow>());

struct OrderLineRow {
    static constexpr std::string_view table = "order_lines";
    static constexpr std::size_t key_columns = 2;
    OrderId order_id;
    LineNumber line;
    Sku sku;
    std::string title;
    SkuKind kind;
    std::int64_t quantity;
    std::int64_t unit_price;
    std::int64_t discount;
    std::int64_t net;
    std::int64_t tax;
    std::int64_t tax_bp;
    friend bool operator==(OrderLineRow const&, OrderLineRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderLineRow, (),
                      (order_id, line, sku, title, kind, quantity, unit_price, discount, net, tax,
                       tax_bp))
static_assert(describes_every_field<OrderLineRow>());

/// The orders of one state. What belongs to them stands elsewhere: a page of it costs its rows.
struct OrderInStateRow {
    static constexpr std::string_view table = "orders_in_state";
    static constexpr std::size_t key_columns = 2;
    OrderState state;
    OrderId order_id;
    friend bool operator==(OrderInStateRow const&, OrderInStateRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderInStateRow, (), (state, order_id))
static_assert(describes_every_field<OrderInStateRow>());

/// The orders of one customer.
struct OrderOfCustomerRow {
    static constexpr std::string_view table = "orders_of_customers";
    static constexpr std::size_t key_columns = 2;
    CustomerId customer_id;
    OrderId order_id;
    friend bool operator==(OrderOfCustomerRow const&, OrderOfCustomerRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(OrderOfCustomerRow, (), (customer_id, order_id))
static_assert(describes_every_field<OrderOfCustomerRow>());

enum class PaymentState : std::uint8_t {
    action_required,
    unknown,
    declined,
    authorised,
    part_captured,
    captured,
    voided,
    expired,
    disputed,
    dispute_lost
};
BOOST_DESCRIBE_ENUM(PaymentState, action_required, unknown, declined, authorised, part_captured,
                    captured, voided, expired, disputed, dispute_lost)

struct PaymentRow {
    static constexpr std::string_view table = "payments";
    static constexpr std::size_t key_columns = 1;
    PaymentId id;
    OrderId order_id;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    std::uint32_t attempt; ///< 0: not known yet
    PaymentState state;
    CurrencyCode currency;
    std::int64_t amount; ///< held, or else asked for
    std::int64_t held;   ///< authorised and neither captured nor let go
    std::int64_t captured;
    std::int64_t refunded;
    std::int64_t refund_pending;
    std::optional<payment::Provider> provider;
    std::optional<payment::ProviderReference> reference;
    std::optional<payment::ProviderCode> code; ///< the provider's last no
    std::optional<Instant> capture_before;
    std::optional<PaymentMethod> method; ///< as the buyer offered it
    friend bool operator==(PaymentRow const&, PaymentRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentRow, (),
                      (id, order_id, version, created_at, updated_at, attempt, state, currency,
                       amount, held, captured, refunded, refund_pending, provider, reference, code,
                       capture_before, method))
static_assert(describes_every_field<PaymentRow>());

enum class RefundState : std::uint8_t { granted, pending, settled, failed };
BOOST_DESCRIBE_ENUM(RefundState, granted, pending, settled, failed)

struct RefundRow {
    static constexpr std::string_view table = "refunds";
    static constexpr std::size_t key_columns = 2;
    OrderId order_id;
    RefundId id;
    PaymentId payment_id;
    Instant created_at;
    Instant updated_at;
    RefundState state;
    std::optional<order::RefundKind> kind; ///< absent: the order never granted it
    CurrencyCode currency;
    std::int64_t amount;
    std::string reason;
    friend bool operator==(RefundRow const&, RefundRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(RefundRow, (),
                      (order_id, id, payment_id, created_at, updated_at, state, kind, currency,
                       amount, reason))
static_assert(describes_every_field<RefundRow>());

enum class ShipmentState : std::uint8_t {
    created,
    held,
    dispatched,
    delivery_failed,
    delivered,
    returned_to_sender,
    cancelled
};
BOOST_DESCRIBE_ENUM(ShipmentState, created, held, dispatched, delivery_failed, delivered,
                    returned_to_sender, cancelled)

struct ShipmentRow {
    static constexpr std::string_view table = "shipments";
    static constexpr std::size_t key_columns = 2;
    OrderId order_id;
    FulfilmentId id;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    ShipmentState state;
    Location location;
    Instant ship_by;
    std::optional<fulfilment::Carrier> carrier;
    std::uint32_t holds; ///< for how many reasons it waits
    std::vector<fulfilment::Line> lines;
    friend bool operator==(ShipmentRow const&, ShipmentRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(ShipmentRow, (),
                      (order_id, id, version, created_at, updated_at, state, location, ship_by,
                       carrier, holds, lines))
static_assert(describes_every_field<ShipmentRow>());

/// Units that are to come back, and in which condition those are that did.
struct ReturnLine {
    LineNumber line;
    std::uint32_t quantity;
    std::uint32_t restock;
    std::uint32_t damaged;
    std::uint32_t write_off;
    std::uint32_t awaited() const { return quantity - restock - damaged - write_off; }
    friend bool operator==(ReturnLine const&, ReturnLine const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReturnLine, (), (line, quantity, restock, damaged, write_off))
static_assert(describes_every_field<ReturnLine>());

enum class ReturnState : std::uint8_t { requested, part_received, received, cancelled };
BOOST_DESCRIBE_ENUM(ReturnState, requested, part_received, received, cancelled)

struct ReturnRow {
    static constexpr std::string_view table = "returns";
    static constexpr std::size_t key_columns = 2;
    OrderId order_id;
    ReturnId id;
    Instant created_at;
    Instant updated_at;
    ReturnState state;
    std::string reason;
    std::vector<ReturnLine> lines;
    friend bool operator==(ReturnRow const&, ReturnRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReturnRow, (), (order_id, id, created_at, updated_at, state, reason, lines))
static_assert(describes_every_field<ReturnRow>());

using Month = InlineText<7>; ///< "2010-12", UTC

/// What one month brought, each by the moment it took effect.
struct MonthRow {
    static constexpr std::string_view table = "months";
    static constexpr std::size_t key_columns = 2;
    Month month;
    CurrencyCode currency;
    std::uint64_t orders;
    std::int64_t gross; ///< of orders placed
    std::int64_t cancelled;
    std::int64_t returned;
    std::int64_t goodwill;
    friend bool operator==(MonthRow const&, MonthRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(MonthRow, (), (month, currency, orders, gross, cancelled, returned, goodwill))
static_assert(describes_every_field<MonthRow>());

} // namespace kontor::services::views
