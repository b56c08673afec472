#pragma once

/// An order as a storefront places it, at its shortest: goods at zero tax, no shipping to pay, a
/// card that is accepted. For whoever needs a purchase and does not care what is in it: tests,
/// loops and benchmarks.

#include "domain/order/commands.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kontor::testing {

inline order::Line goods_line(std::uint16_t number, Sku const& sku, std::int64_t units,
                              Money const& price) {
    auto const free = Money::zero(price.currency());
    auto const value = Money::of(price.minor() * units, price.currency());
    return {
        LineNumber(number), sku,           "A thing", SkuKind::goods, Quantity::of(units), price,
        TaxClass("zero"),   BasisPoints(), free,      {value, free}};
}

/// Requires: at least one line; all in one currency.
inline order::Place storefront_order(OrderId id, std::vector<order::Line> lines,
                                     std::string token = "tok_approve") {
    order::Quote quote{};
    quote.currency = lines.front().unit_price.currency();
    quote.shipping = NetTax::zero(quote.currency);
    quote.discount = Money::zero(quote.currency);
    quote.total = Money::zero(quote.currency);
    for (auto const& line : lines)
        quote.total += line.value.gross();
    quote.lines = std::move(lines);
    order::Place place{};
    place.order_id = id;
    place.channel = order::Channel::storefront;
    place.quote = std::move(quote);
    place.country = Country::parse("GB").value();
    place.payment =
        order::PaymentOffer{PaymentMethod("card"), Personal<std::string>(std::move(token))};
    return place;
}

} // namespace kontor::testing
