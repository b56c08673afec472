#pragma once

/// What an order is made of, in facts and commands alike: its lines with their prices, the rules it
/// was priced by, and the closed lists of words it uses. Field names are the JSON format and their
/// order the binary one; enumerators are stored as their numbers and only ever added to.

#include "domain/values/context.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/lines.hpp"
#include "domain/values/money.hpp"
#include "domain/values/names.hpp"
#include "domain/values/personal.hpp"

#include <string>

namespace kontor::order {

/// Where an order came from.
enum class Channel : std::uint8_t { storefront = 1, support = 2, service = 3, import = 4 };
BOOST_DESCRIBE_ENUM(Channel, storefront, support, service, import)

/// Tax is rounded on each line, or for each rate on the sum and then allocated to the lines.
enum class TaxLevel : std::uint8_t { line = 1, order = 2 };
BOOST_DESCRIBE_ENUM(TaxLevel, line, order)

/// Whether list prices contain the tax.
enum class TaxMode : std::uint8_t { included = 1, excluded = 2 };
BOOST_DESCRIBE_ENUM(TaxMode, included, excluded)

/// How this order was rounded; stored with it, for its refunds must mirror its sale.
struct RoundingPolicy {
    Rounding mode{Rounding::half_up};
    TaxLevel level{TaxLevel::line};
    TaxMode tax{TaxMode::included};
    friend bool operator==(RoundingPolicy const&, RoundingPolicy const&) = default;
};
BOOST_DESCRIBE_STRUCT(RoundingPolicy, (), (mode, level, tax))
static_assert(describes_every_field<RoundingPolicy>());

/// When services ship that belong to no parcel, because the order has no goods.
enum class ServicesShip : std::uint8_t { at_confirmation = 1, when_told = 2 };
BOOST_DESCRIBE_ENUM(ServicesShip, at_confirmation, when_told)

/// A line as it was sold. `value` is what the line costs after all discounts: its tax and the rest.
struct Line {
    LineNumber line;
    Sku sku;
    std::string title;
    SkuKind kind;
    Quantity quantity;
    Money unit_price; ///< the list price, with tax if the policy says so
    TaxClass tax_class;
    BasisPoints tax_bp;
    Money
        discount; ///< of this line and its part of the order's discount, in the terms of unit_price
    NetTax value;
    friend bool operator==(Line const&, Line const&) = default;
};
BOOST_DESCRIBE_STRUCT(Line, (),
                      (line, sku, title, kind, quantity, unit_price, tax_class, tax_bp, discount,
                       value))
static_assert(describes_every_field<Line>());

/// A way to pay that the buyer offered. The token stands for a card at the provider.
struct PaymentOffer {
    PaymentMethod method;
    Personal<std::string> token;
    friend bool operator==(PaymentOffer const&, PaymentOffer const&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentOffer, (), (method, token))
static_assert(describes_every_field<PaymentOffer>());

/// Units that came back, and how they look.
struct ReturnedLine {
    LineNumber line;
    Quantity quantity;
    ItemCondition condition;
    friend bool operator==(ReturnedLine const&, ReturnedLine const&) = default;
};
BOOST_DESCRIBE_STRUCT(ReturnedLine, (), (line, quantity, condition))
static_assert(describes_every_field<ReturnedLine>());

/// Why an order did not come about.
enum class RejectReason : std::uint8_t {
    no_stock = 1,
    sold_out_while_paying = 2,
    payment_declined = 3,
    payment_unresolved = 4,
    not_wanted = 5, ///< the shop decided against it
};
BOOST_DESCRIBE_ENUM(RejectReason, no_stock, sold_out_while_paying, payment_declined,
                    payment_unresolved, not_wanted)

/// Why money goes back.
enum class RefundKind : std::uint8_t {
    cancel = 1,       ///< captured value of units that will never ship
    return_ = 2,      ///< units that came back
    goodwill = 3,     ///< a present of the shop
    shipping = 4,     ///< the price of shipping
    compensation = 5, ///< money that came although the order is closed
};
BOOST_DESCRIBE_ENUM(RefundKind, cancel, return_, goodwill, shipping, compensation)

} // namespace kontor::order
