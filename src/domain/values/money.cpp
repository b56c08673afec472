#include "domain/values/money.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include <fmt/core.h>

namespace kontor {
namespace {

__extension__ typedef __int128 Wide;

/// numerator / denominator to the nearest whole, on the magnitude.   Requires: numerator >= 0,
/// denominator > 0.
Wide divide_rounded(Wide numerator, Wide denominator, Rounding rounding) {
    auto quotient = numerator / denominator;
    auto const twice_rest = (numerator % denominator) * 2;
    bool const tie_goes_up = rounding == Rounding::half_up || quotient % 2 != 0;
    if (twice_rest > denominator || (twice_rest == denominator && tie_goes_up))
        ++quotient;
    return quotient;
}

Result<Money, MoneyError> in_range(Wide minor, Currency currency) {
    if (minor > Money::max || minor < -Money::max)
        return unexpected(MoneyError::out_of_range);
    return Money::of(static_cast<std::int64_t>(minor), currency);
}

} // namespace

Result<BasisPoints, MoneyError> BasisPoints::create(std::int64_t points) {
    if (points < 0 || points > whole)
        return unexpected(MoneyError::out_of_range);
    return BasisPoints(points);
}

Result<Money, MoneyError> Money::create(std::int64_t minor, Currency currency) {
    return in_range(minor, currency);
}

Result<Money, MoneyError> Money::plus(Money other) const {
    if (currency_ != other.currency_)
        return unexpected(MoneyError::currency_mixed);
    return in_range(Wide{minor_} + other.minor_, currency_);
}

Result<Money, MoneyError> Money::minus(Money other) const {
    if (currency_ != other.currency_)
        return unexpected(MoneyError::currency_mixed);
    return in_range(Wide{minor_} - other.minor_, currency_);
}

Result<Money, MoneyError> Money::times(std::int64_t factor) const {
    return in_range(Wide{minor_} * factor, currency_);
}

Money Money::share(BasisPoints rate, Rounding rounding) const {
    auto const magnitude =
        divide_rounded(Wide{std::abs(minor_)} * rate.value(), BasisPoints::whole, rounding);
    return of(static_cast<std::int64_t>(is_negative() ? -magnitude : magnitude), currency_);
}

Money Money::without_included(BasisPoints rate, Rounding rounding) const {
    auto const magnitude = divide_rounded(Wide{std::abs(minor_)} * BasisPoints::whole,
                                          BasisPoints::whole + Wide{rate.value()}, rounding);
    return of(static_cast<std::int64_t>(is_negative() ? -magnitude : magnitude), currency_);
}

std::vector<Money> Money::allocate(std::span<std::int64_t const> weights) const {
    KONTOR_ASSERT(!weights.empty(), "money is allocated to nobody");
    Wide total = 0;
    for (auto const weight : weights) {
        KONTOR_ASSERT(weight >= 0, "a weight of {}", weight);
        total += weight;
    }
    bool const all_equal = total == 0;
    if (all_equal)
        total = static_cast<Wide>(weights.size());

    struct Part {
        std::size_t index;
        Wide minor;
        Wide remainder;
    };
    std::vector<Part> parts;
    parts.reserve(weights.size());
    Wide const magnitude = std::abs(minor_);
    auto left = magnitude;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        auto const product = magnitude * (all_equal ? 1 : weights[i]);
        parts.push_back({i, product / total, product % total});
        left -= parts.back().minor;
    }
    std::ranges::stable_sort(
        parts, [](Part const& a, Part const& b) { return a.remainder > b.remainder; });
    for (std::size_t i = 0; left > 0; ++i, --left)
        ++parts[i].minor;

    std::vector<Money> shares(weights.size(), zero(currency_));
    for (auto const& part : parts)
        shares[part.index] =
            of(static_cast<std::int64_t>(is_negative() ? -part.minor : part.minor), currency_);
    return shares;
}

Money Money::take(std::int64_t n, std::int64_t units) const {
    KONTOR_ASSERT(units > 0 && n >= 0 && n <= units, "{} of {} units", n, units);
    // allocate({n, units - n})[0] without the vector: the remainders of the two parts sum to 0 or
    // to `units`, and a tie goes to the first part.
    auto const product = Wide{std::abs(minor_)} * n;
    auto magnitude = product / units;
    auto const remainder = product % units;
    if (remainder != 0 && remainder * 2 >= units)
        ++magnitude;
    return of(static_cast<std::int64_t>(is_negative() ? -magnitude : magnitude), currency_);
}

std::string Money::decimal() const {
    auto const digits = currency_.exponent();
    if (digits == 0)
        return fmt::format("{}", minor_);
    std::int64_t unit = 1;
    for (int i = 0; i < digits; ++i)
        unit *= 10;
    auto const magnitude = std::abs(minor_);
    return fmt::format("{}{}.{:0{}}", is_negative() ? "-" : "", magnitude / unit, magnitude % unit,
                       digits);
}

std::string Money::to_string() const {
    return fmt::format("{} {}", decimal(), currency_.code());
}

} // namespace kontor
