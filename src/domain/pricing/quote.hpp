#pragma once

/// quote: what the shop asks for a basket. Pure; the caller brings articles, coupon and tariff.
///
/// The sequence is that of DOMAIN section 2: unit price x quantity, line discount, the coupon's
/// discount allocated over the goods by what they cost then, shipping, tax, total.
///
/// Invariants: 1. total = sum of the lines' gross values + gross shipping.
///             2. For each line: unit price x quantity - discount is its gross value when prices
///             include tax, its net value when they do not.

#include "domain/order/commands.hpp"
#include "domain/order/rejection.hpp"
#include "domain/pricing/tariff.hpp"

#include "base/result.hpp"

namespace kontor::pricing {

/// What is known of a SKU.
struct Article {
    std::string title;
    SkuKind kind{SkuKind::goods};
    TaxClass tax_class;
    std::vector<Money> prices; ///< the list price now, one for each currency
    std::int64_t weight_g{0};
    bool is_withdrawn{false};
};

struct BasketLine {
    Sku sku;
    std::int64_t quantity{1};
    Article const* article{nullptr}; ///< none: no such SKU
    BasisPoints discount{};          ///< off this line
};

/// A share or an amount off goods.
struct Coupon {
    CouponCode code;
    std::optional<BasisPoints> share{};
    std::optional<Money> amount{};
    Instant from;
    Instant until;
    std::optional<Money> minimum{}; ///< of goods, after line discounts
    std::int64_t uses_left{1};
};

struct Basket {
    Currency currency;
    Country country;
    std::vector<BasketLine> lines;
    std::optional<ShippingMethodCode> shipping_method{}; ///< needed when there are goods
    std::optional<CouponCode> coupon_code{};
    Coupon const* coupon{nullptr}; ///< none: no such coupon
    Instant now;
};

/// Errors: empty_order, too_many_lines, unknown_sku, not_sellable, bad_quantity, coupon_refused,
/// not_shippable, unknown_country, out_of_range; where a line is to blame, it is named.
Result<order::Quote, order::Rejection> quote(Basket const& basket, Tariff const& tariff);

/// Lines that are added to an order by an edit: as `quote`, but their shipping is paid already.
/// Errors: as `quote`, but not not_shippable.
Result<order::Quote, order::Rejection> quote_addition(Basket const& basket, Tariff const& tariff);

} // namespace kontor::pricing
