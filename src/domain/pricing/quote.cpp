#include "domain/pricing/quote.hpp"

#include "domain/order/limits.hpp"
#include "domain/pricing/tax.hpp"

#include <algorithm>

namespace kontor::pricing {
namespace {

using order::RejectionCode;

Unexpected<order::Rejection> no(RejectionCode code) {
    return unexpected(order::Rejection{code});
}
Unexpected<order::Rejection> no(RejectionCode code, std::size_t index) {
    return unexpected(
        order::Rejection{code, LineNumber(static_cast<std::uint16_t>(index + 1)), {}});
}

/// A basket on its way to a quote.
struct Draft {
    order::Quote quote;
    std::vector<Money> costs; ///< of each line, after the discounts so far
    Money goods;              ///< the costs of goods together
    Money all;                ///< the costs of everything before the coupon
    std::int64_t weight_g{0};
    bool has_goods{false};
};

Result<Money, order::Rejection> cost_of(BasketLine const& line, Money unit_price,
                                        std::size_t index) {
    auto const cost = unit_price.times(line.quantity);
    if (!cost || cost->minor() > order::total_max)
        return no(RejectionCode::out_of_range, index);
    return *cost;
}

Result<void, order::Rejection> add_line(Draft& draft, Basket const& basket, Tariff const& tariff,
                                        std::size_t index) {
    auto const& wanted = basket.lines[index];
    auto const number = LineNumber(static_cast<std::uint16_t>(index + 1));
    if (wanted.article == nullptr)
        return no(RejectionCode::unknown_sku, index);
    auto const& article = *wanted.article;
    if (!Quantity::is_valid(wanted.quantity))
        return unexpected(
            order::Rejection{RejectionCode::bad_quantity, number, Count(Quantity::max)});
    auto const price = std::ranges::find(article.prices, basket.currency, &Money::currency);
    if (article.is_withdrawn || price == article.prices.end() || price->is_negative())
        return no(RejectionCode::not_sellable, index);
    auto const rate = rate_of(tariff.rates, article.tax_class, basket.country);
    if (!rate)
        return no(RejectionCode::unknown_country, index);
    KONTOR_TRY(auto const list_cost, cost_of(wanted, *price, index));
    auto const discount = list_cost.share(wanted.discount, tariff.rounding.mode);
    auto const cost = list_cost - discount;
    draft.quote.lines.push_back({number, wanted.sku, article.title, article.kind,
                                 Quantity::of(wanted.quantity), *price, article.tax_class, *rate,
                                 discount, NetTax::zero(basket.currency)});
    draft.costs.push_back(cost);
    draft.all += cost;
    if (draft.all.minor() > order::total_max)
        return no(RejectionCode::out_of_range);
    if (is_service(article.kind))
        return {};
    draft.has_goods = true;
    draft.goods += cost;
    draft.weight_g += article.weight_g * wanted.quantity;
    return {};
}

bool is_valid(Coupon const& coupon, Basket const& basket, Money goods) {
    if (coupon.code != *basket.coupon_code || coupon.uses_left <= 0 || basket.now < coupon.from ||
        basket.now >= coupon.until)
        return false;
    for (auto const& money : {coupon.amount, coupon.minimum})
        if (money && money->currency() != basket.currency)
            return false;
    return !coupon.minimum || goods >= *coupon.minimum;
}

/// Takes the coupon's worth off the goods, each line its part by what it costs.
Result<void, order::Rejection> redeem(Draft& draft, Basket const& basket, Rounding rounding) {
    if (!basket.coupon_code)
        return {};
    if (basket.coupon == nullptr || !draft.has_goods ||
        !is_valid(*basket.coupon, basket, draft.goods))
        return no(RejectionCode::coupon_refused);
    auto const& coupon = *basket.coupon;
    draft.quote.coupon = coupon.code;
    auto off = Money::zero(basket.currency);
    if (coupon.share)
        off = draft.goods.share(*coupon.share, rounding);
    else if (coupon.amount)
        off = std::min(*coupon.amount, draft.goods);
    std::vector<std::int64_t> weights;
    for (std::size_t i = 0; i < draft.costs.size(); ++i)
        weights.push_back(is_service(draft.quote.lines[i].kind) ? 0 : draft.costs[i].minor());
    if (off.is_zero())
        return {};
    auto const parts = off.allocate(weights);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        draft.quote.lines[i].discount += parts[i];
        draft.costs[i] -= parts[i];
    }
    draft.goods -= off;
    return {};
}

/// What shipping costs, and the rate of its tax.
Result<TaxedCost, order::Rejection> shipping_of(Draft const& draft, Basket const& basket,
                                                Tariff const& tariff) {
    TaxedCost const nothing{Money::zero(basket.currency), BasisPoints()};
    if (!draft.has_goods)
        return nothing;
    if (!basket.shipping_method)
        return no(RejectionCode::not_shippable);
    auto const method =
        std::ranges::find(tariff.methods, *basket.shipping_method, &ShippingMethod::code);
    if (method == tariff.methods.end())
        return no(RejectionCode::not_shippable);
    auto const price = shipping_price(*method, {basket.country, draft.goods, draft.weight_g});
    if (!price)
        return no(RejectionCode::not_shippable);
    auto const rate = rate_of(tariff.rates, method->tax_class, basket.country);
    if (!rate)
        return no(RejectionCode::unknown_country);
    return TaxedCost{*price, *rate};
}

Result<Draft, order::Rejection> drafted(Basket const& basket, Tariff const& tariff) {
    if (basket.lines.empty())
        return no(RejectionCode::empty_order);
    if (basket.lines.size() > order::lines_max)
        return no(RejectionCode::too_many_lines);
    if (basket.country == Country())
        return no(RejectionCode::unknown_country);
    auto const zero = Money::zero(basket.currency);
    Draft draft{{.currency = basket.currency,
                 .rounding = tariff.rounding,
                 .lines = {},
                 .shipping = NetTax::zero(basket.currency),
                 .discount = zero,
                 .coupon = {},
                 .total = zero,
                 .shipping_method = {}},
                {},
                zero,
                zero};
    draft.quote.lines.reserve(basket.lines.size());
    draft.costs.reserve(basket.lines.size());
    for (std::size_t i = 0; i < basket.lines.size(); ++i)
        KONTOR_TRY(add_line(draft, basket, tariff, i));
    KONTOR_TRY(redeem(draft, basket, tariff.rounding.mode));
    return draft;
}

Result<order::Quote, order::Rejection> totalled(Draft draft, TaxedCost shipping) {
    auto& made = draft.quote;
    std::vector<TaxedCost> costs;
    costs.reserve(draft.costs.size() + 1);
    for (std::size_t i = 0; i < draft.costs.size(); ++i)
        costs.push_back({draft.costs[i], made.lines[i].tax_bp});
    costs.push_back(shipping);
    auto const values = taxed(costs, made.rounding);
    std::int64_t total = values.back().gross().minor();
    for (std::size_t i = 0; i < made.lines.size(); ++i) {
        made.lines[i].value = values[i];
        made.discount += made.lines[i].discount;
        total += values[i].gross().minor();
    }
    if (total > order::total_max)
        return no(RejectionCode::out_of_range);
    made.shipping = values.back();
    made.total = Money::of(total, made.currency);
    return std::move(made);
}

} // namespace

Result<order::Quote, order::Rejection> quote(Basket const& basket, Tariff const& tariff) {
    KONTOR_TRY(auto draft, drafted(basket, tariff));
    KONTOR_TRY(auto const shipping, shipping_of(draft, basket, tariff));
    if (draft.has_goods)
        draft.quote.shipping_method = basket.shipping_method;
    return totalled(std::move(draft), shipping);
}

Result<order::Quote, order::Rejection> quote_addition(Basket const& basket, Tariff const& tariff) {
    KONTOR_TRY(auto draft, drafted(basket, tariff));
    return totalled(std::move(draft), {Money::zero(basket.currency), BasisPoints()});
}

} // namespace kontor::pricing
