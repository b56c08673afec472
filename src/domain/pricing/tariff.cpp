#include "domain/pricing/tariff.hpp"

#include <algorithm>

namespace kontor::pricing {
namespace {

std::optional<Money> in_currency(std::span<Money const> amounts, Currency currency) {
    auto const at = std::ranges::find(amounts, currency, &Money::currency);
    return at == amounts.end() ? std::nullopt : std::optional(*at);
}

bool fits(ShippingBand const& band, Consignment const& consignment) {
    switch (band.by) {
    case ShippingBand::By::weight: return consignment.weight_g <= band.up_to;
    case ShippingBand::By::value: return consignment.goods.minor() <= band.up_to;
    }
    KONTOR_UNREACHABLE();
}

} // namespace

std::optional<BasisPoints> rate_of(std::span<TaxRate const> rates, TaxClass const& tax_class,
                                   Country const& country) {
    std::optional<BasisPoints> elsewhere;
    for (auto const& rate : rates) {
        if (rate.tax_class != tax_class)
            continue;
        if (rate.country == country)
            return rate.rate;
        if (!rate.country)
            elsewhere = rate.rate;
    }
    return elsewhere;
}

std::optional<Money> shipping_price(ShippingMethod const& method, Consignment const& consignment) {
    auto const currency = consignment.goods.currency();
    bool const goes_there =
        method.countries.empty() ||
        std::ranges::find(method.countries, consignment.country) != method.countries.end();
    if (!goes_there)
        return {};
    for (auto const& band : method.bands) {
        auto const price = in_currency(band.prices, currency);
        if (!price || !fits(band, consignment))
            continue;
        auto const free_from = in_currency(method.free_from, currency);
        return free_from && consignment.goods >= *free_from ? Money::zero(currency) : *price;
    }
    return {};
}

} // namespace kontor::pricing
