#pragma once

/// What callers send, typed: unknown keys are refused by name, everything else with a JSON pointer.
/// Field names are the API's; only ever added to, as optional fields.
/// Source: INTERFACES section 5, the column "sends".

#include "services/gateway/roles.hpp"
#include "services/gateway/texts.hpp"

#include "codec/json_values.hpp"
#include "domain/catalog/product/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/order/terms.hpp"
#include "domain/stock/events.hpp"

#include <optional>
#include <vector>

namespace kontor::services::gateway {

// Orders.

struct WantedLine {
    Sku sku;
    Quantity quantity;
};
BOOST_DESCRIBE_STRUCT(WantedLine, (), (sku, quantity))
static_assert(describes_every_field<WantedLine>());

struct ShipTo {
    Text<1, 200> name;
    std::vector<Text<1, 200>> lines;
    Text<1, 100> city;
    Text<1, 20> postcode;
    Country country;
    std::optional<Text<0, 100>> region;
};
BOOST_DESCRIBE_STRUCT(ShipTo, (), (name, lines, city, postcode, country, region))
static_assert(describes_every_field<ShipTo>());

struct HowToReach {
    Text<3, 254> email;
    std::optional<Text<0, 200>> name;
    std::optional<Text<0, 40>> phone;
};
BOOST_DESCRIBE_STRUCT(HowToReach, (), (email, name, phone))
static_assert(describes_every_field<HowToReach>());

struct PayWith {
    PaymentMethod method;
    Text<1, 200> token;
};
BOOST_DESCRIBE_STRUCT(PayWith, (), (method, token))
static_assert(describes_every_field<PayWith>());

struct PlaceOrder {
    std::vector<WantedLine> lines;
    Currency currency;
    std::optional<ShippingMethodCode> shipping_method; ///< needed when there are goods
    ShipTo ship_to;
    HowToReach contact;
    std::optional<PayWith> payment; ///< needed when something is due
    Money expected_total;
    std::optional<CouponCode> coupon;
    std::optional<CustomerId> customer_id; ///< by support and services alone
};
BOOST_DESCRIBE_STRUCT(PlaceOrder, (),
                      (lines, currency, shipping_method, ship_to, contact, payment, expected_total,
                       coupon, customer_id))
static_assert(describes_every_field<PlaceOrder>());

/// An order of a batch, with a key of its own.
struct PlaceOrderInBatch {
    Text<1, 255> idempotency_key;
    std::vector<WantedLine> lines;
    Currency currency;
    std::optional<ShippingMethodCode> shipping_method;
    ShipTo ship_to;
    HowToReach contact;
    std::optional<PayWith> payment;
    Money expected_total;
    std::optional<CouponCode> coupon;
    std::optional<CustomerId> customer_id;
};
BOOST_DESCRIBE_STRUCT(PlaceOrderInBatch, (),
                      (idempotency_key, lines, currency, shipping_method, ship_to, contact, payment,
                       expected_total, coupon, customer_id))
static_assert(describes_every_field<PlaceOrderInBatch>());

struct PlaceOrders {
    std::vector<PlaceOrderInBatch> orders;
};
BOOST_DESCRIBE_STRUCT(PlaceOrders, (), (orders))
static_assert(describes_every_field<PlaceOrders>());

struct CancelOrder {
    Reason reason;
    std::optional<std::vector<LineQuantity>> lines; ///< none: the whole order
};
BOOST_DESCRIBE_STRUCT(CancelOrder, (), (reason, lines))
static_assert(describes_every_field<CancelOrder>());

struct ChangeOrder {
    std::optional<ShipTo> ship_to;
    std::optional<HowToReach> contact;
};
BOOST_DESCRIBE_STRUCT(ChangeOrder, (), (ship_to, contact))
static_assert(describes_every_field<ChangeOrder>());

struct EditOrder {
    std::optional<std::vector<WantedLine>> add;
    std::optional<std::vector<LineQuantity>> cancel;
    Money expected_total; ///< of everything that is not cancelled, after the change
};
BOOST_DESCRIBE_STRUCT(EditOrder, (), (add, cancel, expected_total))
static_assert(describes_every_field<EditOrder>());

enum class GrantedKind : std::uint8_t { cancel = 1, return_ = 2, goodwill = 3, shipping = 4 };
BOOST_DESCRIBE_ENUM(GrantedKind, cancel, return_, goodwill, shipping)

struct GrantRefund {
    GrantedKind kind;
    Money amount;
    Reason reason;
    std::optional<std::vector<LineQuantity>> lines;
    std::optional<PaymentId> payment_id; ///< none: the one that was captured
    std::optional<ReturnId> return_id;
};
BOOST_DESCRIBE_STRUCT(GrantRefund, (), (kind, amount, reason, lines, payment_id, return_id))
static_assert(describes_every_field<GrantRefund>());

struct AskForReturn {
    std::vector<LineQuantity> lines;
    Reason reason;
};
BOOST_DESCRIBE_STRUCT(AskForReturn, (), (lines, reason))
static_assert(describes_every_field<AskForReturn>());

struct ReceiveReturn {
    std::vector<order::ReturnedLine> lines;
    std::optional<bool> last; ///< false: more of it is awaited
};
BOOST_DESCRIBE_STRUCT(ReceiveReturn, (), (lines, last))
static_assert(describes_every_field<ReceiveReturn>());

/// What an operator's decision needs and nothing else.
struct WithReason {
    Reason reason;
};
BOOST_DESCRIBE_STRUCT(WithReason, (), (reason))
static_assert(describes_every_field<WithReason>());

struct CapturePayment {
    Reason reason;
    std::optional<Money> amount; ///< none: all that is held and will be due
};
BOOST_DESCRIBE_STRUCT(CapturePayment, (), (reason, amount))
static_assert(describes_every_field<CapturePayment>());

// Catalogue.

struct AddProduct {
    Sku sku;
    std::optional<SkuKind> kind; ///< goods
    Text<1, 200> title;
    TaxClass tax_class;
    std::optional<LongText> text;
    std::optional<Text<1, 100>> category;
    std::optional<Count> weight_g;
    std::optional<std::vector<product::Attribute>> attributes;
    std::optional<std::vector<Text<1, 500>>> images;
    std::optional<Sku> parent;
};
BOOST_DESCRIBE_STRUCT(AddProduct, (),
                      (sku, kind, title, tax_class, text, category, weight_g, attributes, images,
                       parent))
static_assert(describes_every_field<AddProduct>());

/// A merge patch: what is absent stays, what is null goes.   Source: RFC 7396.
struct ChangeProduct {
    std::optional<Text<1, 200>> title;
    std::optional<TaxClass> tax_class;
    std::optional<LongText> text;
    std::optional<Text<1, 100>> category;
    std::optional<Count> weight_g;
    std::optional<std::vector<product::Attribute>> attributes;
    std::optional<std::vector<Text<1, 500>>> images;
    std::optional<Sku> parent;
};
BOOST_DESCRIBE_STRUCT(ChangeProduct, (),
                      (title, tax_class, text, category, weight_g, attributes, images, parent))
static_assert(describes_every_field<ChangeProduct>());

struct SetPrice {
    Money price;
    std::optional<Instant> from;
};
BOOST_DESCRIBE_STRUCT(SetPrice, (), (price, from))
static_assert(describes_every_field<SetPrice>());

struct IssueCoupon {
    CouponCode code;
    std::optional<BasisPoints> bp; ///< this or amount
    std::optional<Money> amount;
    Instant from;
    Instant until;
    std::optional<Money> minimum;
    Count uses;
};
BOOST_DESCRIBE_STRUCT(IssueCoupon, (), (code, bp, amount, from, until, minimum, uses))
static_assert(describes_every_field<IssueCoupon>());

struct AskForQuote {
    std::vector<WantedLine> lines;
    Currency currency;
    Country country;
    std::optional<ShippingMethodCode> shipping_method; ///< none: the first that serves the country
    std::optional<CouponCode> coupon;
};
BOOST_DESCRIBE_STRUCT(AskForQuote, (), (lines, currency, country, shipping_method, coupon))
static_assert(describes_every_field<AskForQuote>());

// Inventory.

struct ReceiveStock {
    Quantity quantity;
    CodeText reference;
};
BOOST_DESCRIBE_STRUCT(ReceiveStock, (), (quantity, reference))
static_assert(describes_every_field<ReceiveStock>());

struct AdjustStock {
    Delta delta;
    Reason reason;
    std::optional<stock::AdjustReason> kind; ///< corrected
};
BOOST_DESCRIBE_STRUCT(AdjustStock, (), (delta, reason, kind))
static_assert(describes_every_field<AdjustStock>());

struct TransferUnits {
    Location to;
    Quantity quantity;
};
BOOST_DESCRIBE_STRUCT(TransferUnits, (), (to, quantity))
static_assert(describes_every_field<TransferUnits>());

struct SetStockPolicy {
    Count safety;
    Count backorder_max;
    Count low_at;
};
BOOST_DESCRIBE_STRUCT(SetStockPolicy, (), (safety, backorder_max, low_at))
static_assert(describes_every_field<SetStockPolicy>());

// Shipments.

/// A parcel that is packed by hand.
struct PackShipment {
    Location location;
    std::vector<LineQuantity> lines;
};
BOOST_DESCRIBE_STRUCT(PackShipment, (), (location, lines))
static_assert(describes_every_field<PackShipment>());

struct DispatchShipment {
    fulfilment::Carrier carrier;
    CodeText tracking;
};
BOOST_DESCRIBE_STRUCT(DispatchShipment, (), (carrier, tracking))
static_assert(describes_every_field<DispatchShipment>());

struct DeliverShipment {
    std::optional<Instant> at;
};
BOOST_DESCRIBE_STRUCT(DeliverShipment, (), (at))
static_assert(describes_every_field<DeliverShipment>());

// Customers.

struct RegisterCustomer {
    Text<3, 254> email;
    Country country;
    std::optional<Text<0, 200>> name;
    std::optional<Text<0, 40>> phone;
    std::optional<std::vector<ShipTo>> addresses;
};
BOOST_DESCRIBE_STRUCT(RegisterCustomer, (), (email, country, name, phone, addresses))
static_assert(describes_every_field<RegisterCustomer>());

struct ChangeCustomer {
    std::optional<Text<3, 254>> email;
    std::optional<Country> country;
    std::optional<Text<0, 200>> name;
    std::optional<Text<0, 40>> phone;
    std::optional<std::vector<ShipTo>> addresses;
};
BOOST_DESCRIBE_STRUCT(ChangeCustomer, (), (email, country, name, phone, addresses))
static_assert(describes_every_field<ChangeCustomer>());

struct SetPreferences {
    std::vector<customer::TopicChannels> channels;
};
BOOST_DESCRIBE_STRUCT(SetPreferences, (), (channels))
static_assert(describes_every_field<SetPreferences>());

struct EraseCustomer {
    CustomerId confirm;
    Reason reason;
};
BOOST_DESCRIBE_STRUCT(EraseCustomer, (), (confirm, reason))
static_assert(describes_every_field<EraseCustomer>());

// Sessions and tokens.

/// A key, a code, or a user with a password.
struct OpenSession {
    std::optional<Text<1, 200>> key;
    std::optional<Text<1, 40>> code;
    std::optional<Text<1, 31>> user;
    std::optional<Text<1, 200>> password;
};
BOOST_DESCRIBE_STRUCT(OpenSession, (), (key, code, user, password))
static_assert(describes_every_field<OpenSession>());

struct CreateToken {
    Text<1, 31> name;
    std::vector<Role> roles;
    Reason reason;
    std::optional<std::vector<Text<1, 20>>> scopes; ///< `pii`: sees personal fields
    std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(CreateToken, (), (name, roles, reason, scopes, expires_at))
static_assert(describes_every_field<CreateToken>());

struct AddWebhook {
    Text<1, 2048> url;
    std::string pattern; ///< of events, in the language of rules, as text
    std::optional<LongText> description;
};
BOOST_DESCRIBE_STRUCT(AddWebhook, (), (url, pattern, description))
static_assert(describes_every_field<AddWebhook>());

struct ChangeWebhook {
    std::optional<Text<1, 2048>> url;
    std::optional<std::string> pattern;
    std::optional<LongText> description;
    std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(ChangeWebhook, (), (url, pattern, description, enabled))
static_assert(describes_every_field<ChangeWebhook>());

struct PutUser {
    std::vector<Role> roles;
    Reason reason;
    std::optional<Text<8, 200>> password; ///< none: it stays
    std::optional<std::vector<Text<1, 20>>> scopes;
};
BOOST_DESCRIBE_STRUCT(PutUser, (), (roles, reason, password, scopes))
static_assert(describes_every_field<PutUser>());

struct BackUpStore {
    Text<1, 1000> directory;       ///< of the server
    std::optional<bool> with_keys; ///< and those of persons, wrapped
};
BOOST_DESCRIBE_STRUCT(BackUpStore, (), (directory, with_keys))
static_assert(describes_every_field<BackUpStore>());

struct SetLimit {
    Count count_max;
    Count window_ms;
    Reason reason;
};
BOOST_DESCRIBE_STRUCT(SetLimit, (), (count_max, window_ms, reason))
static_assert(describes_every_field<SetLimit>());

} // namespace kontor::services::gateway
