#include "programs/kontor/serve_tariff.hpp"

namespace kontor::programs {
namespace {

using pricing::ShippingBand;

std::vector<Money> prices(std::int64_t pence, std::int64_t cents) {
    return {Money::of(pence, Currency::gbp()), Money::of(cents, Currency::eur())};
}

BasisPoints points(std::int64_t n) {
    return BasisPoints::create(n).value();
}

pricing::ShippingMethod method(char const* code, char const* title, int days,
                               std::vector<ShippingBand> bands) {
    pricing::ShippingMethod made;
    made.code = ShippingMethodCode(code);
    made.title = title;
    made.bands = std::move(bands);
    made.tax_class = TaxClass("standard");
    made.delivery_days = days;
    return made;
}

} // namespace

pricing::Tariff built_in_tariff() {
    constexpr std::int64_t letter_g = 2'000;
    constexpr std::int64_t parcel_g = 30'000;
    pricing::Tariff tariff;
    auto const germany = Country::parse("DE").value();
    tariff.rates = {{TaxClass("standard"), std::nullopt, points(2'000)},
                    {TaxClass("standard"), germany, points(1'900)},
                    {TaxClass("reduced"), std::nullopt, points(500)},
                    {TaxClass("reduced"), germany, points(700)},
                    {TaxClass("zero"), std::nullopt, points(0)}};
    auto standard = method("standard", "Royal post", 3,
                           {{ShippingBand::By::weight, letter_g, prices(395, 495)},
                            {ShippingBand::By::weight, parcel_g, prices(695, 895)}});
    standard.free_from = prices(5'000, 6'000);
    tariff.methods = {std::move(standard),
                      method("express", "By tomorrow", 1,
                             {{ShippingBand::By::weight, parcel_g, prices(1'295, 1'495)}})};
    return tariff;
}

} // namespace kontor::programs
