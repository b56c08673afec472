#pragma once

/// What the shop asks and under which rules: the configuration that a quote is made from. Plain
/// values; the caller brings them.
/// Source: DOMAIN sections 2 and 3.

#include "domain/order/terms.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kontor::pricing {

/// A tax class is taxed at this rate in a country; without a country, everywhere else.
struct TaxRate {
    TaxClass tax_class;
    std::optional<Country> country;
    BasisPoints rate;
};

/// What shipping costs up to, and with, this weight or goods value. A band without a price in the
/// currency of the order does not fit it.
struct ShippingBand {
    enum class By : std::uint8_t { weight, value };
    By by{By::value};
    std::int64_t up_to{INT64_MAX}; ///< grams, or minor units
    std::vector<Money> prices;     ///< one for each currency
};

struct ShippingMethod {
    ShippingMethodCode code;
    std::string title;
    std::vector<Country> countries; ///< none: everywhere
    std::vector<ShippingBand> bands;
    std::vector<Money> free_from; ///< goods value, one for each currency
    TaxClass tax_class;
    int delivery_days{0};
};

struct Tariff {
    order::RoundingPolicy rounding{};
    std::vector<TaxRate> rates;
    std::vector<ShippingMethod> methods;
};

/// The rate of a class in a country; none: the shop does not know how to tax it there.
std::optional<BasisPoints> rate_of(std::span<TaxRate const> rates, TaxClass const& tax_class,
                                   Country const& country);

/// What shipping is to be priced for.
struct Consignment {
    Country country;
    Money goods; ///< after discounts
    std::int64_t weight_g{0};
};

/// The price of the first band that fits, zero from the free amount on; none: not shippable so.
std::optional<Money> shipping_price(ShippingMethod const& method, Consignment const& consignment);

} // namespace kontor::pricing
