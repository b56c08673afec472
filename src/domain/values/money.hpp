#pragma once

/// Money: whole minor units of one currency. Money is split, never divided: `allocate` and `take`
/// lose no cent. Units: minor units (pence, cents).
/// Source: DOMAIN section 2.
///
/// Invariants: 1. |minor| <= Money::max at every edge, so that a JSON number carries it exactly.
///             2. Operations within one currency only; the other currency is an error, never a
///             conversion.

#include "domain/values/currency.hpp"

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kontor {

enum class MoneyError : unsigned char { currency_mixed, out_of_range };

/// How a result between two minor units is settled; always on the magnitude, so that a refund
/// mirrors its sale.
enum class Rounding : unsigned char { half_up, half_even };
BOOST_DESCRIBE_ENUM(Rounding, half_up, half_even)

/// Hundredths of a percent: 1900 is 19 %. 0..10,000.
class BasisPoints {
public:
    static constexpr std::int64_t whole = 10'000;
    /// Errors: out_of_range (not in 0..10,000).
    static Result<BasisPoints, MoneyError> create(std::int64_t points);
    constexpr BasisPoints() = default;
    constexpr std::int64_t value() const { return points_; }
    friend constexpr auto operator<=>(BasisPoints, BasisPoints) = default;

private:
    constexpr explicit BasisPoints(std::int64_t points) : points_(points) {}
    std::int64_t points_{0};
};

class Money {
public:
    static constexpr std::int64_t max = 999'999'999'999'999; ///< 10^15 - 1

    constexpr Money() = default;

    /// Errors: out_of_range.
    static Result<Money, MoneyError> create(std::int64_t minor, Currency currency);
    /// For literals and stored facts.   Requires: |minor| <= max.
    static constexpr Money of(std::int64_t minor, Currency currency) {
        KONTOR_ASSERT(minor <= max && minor >= -max, "{} minor units", minor);
        return Money(minor, currency);
    }
    static constexpr Money zero(Currency currency) { return Money(0, currency); }

    constexpr std::int64_t minor() const { return minor_; }
    constexpr Currency currency() const { return currency_; }
    constexpr bool is_zero() const { return minor_ == 0; }
    constexpr bool is_negative() const { return minor_ < 0; }
    constexpr Money negated() const { return Money(-minor_, currency_); }

    /// Errors: currency_mixed, out_of_range.
    Result<Money, MoneyError> plus(Money other) const;
    Result<Money, MoneyError> minus(Money other) const;
    Result<Money, MoneyError> times(std::int64_t factor) const;

    /// The part `rate` of this amount, rounded.   Errors: never out of range: the part is no larger
    /// than the whole.
    Money share(BasisPoints rate, Rounding rounding) const;

    /// Of a gross amount that includes tax at `rate`: the net part, round(gross * 10000 / (10000 +
    /// rate)).
    Money without_included(BasisPoints rate, Rounding rounding) const;

    /// Parts in proportion to the weights that sum to this amount. Each is the floor of |m|*w/W;
    /// the rest goes one minor unit at a time to the largest remainders, ties to the lower index;
    /// the sign comes last. All weights zero: all equal. A zero weight among others gets zero.
    /// Requires: weights not empty, each >= 0.
    /// Source: the largest remainder method (Hamilton);
    /// DOMAIN section 2.
    std::vector<Money> allocate(std::span<std::int64_t const> weights) const;

    /// The first part of allocate({n, of - n}): what n of `of` units are worth; everything when n =
    /// of.
    /// Requires: 0 <= n <= of, of > 0.
    Money take(std::int64_t n, std::int64_t of) const;

    /// "19.99", "-5": with as many digits as the currency has.
    std::string decimal() const;
    /// "19.99 GBP", "-5 JPY".
    std::string to_string() const;

    friend constexpr bool operator==(Money, Money) = default;
    /// Requires: one currency.
    friend constexpr std::strong_ordering operator<=>(Money a, Money b) {
        KONTOR_ASSERT(a.currency_ == b.currency_, "amounts of two currencies are compared");
        return a.minor_ <=> b.minor_;
    }
    /// For sums that cannot leave the range and are of one currency by construction; otherwise use
    /// plus and minus.
    friend constexpr Money operator+(Money a, Money b) {
        return checked(a, b, a.minor_ + b.minor_);
    }
    friend constexpr Money operator-(Money a, Money b) {
        return checked(a, b, a.minor_ - b.minor_);
    }
    Money& operator+=(Money other) { return *this = *this + other; }
    Money& operator-=(Money other) { return *this = *this - other; }

private:
    constexpr Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
    static constexpr Money checked(Money a, Money b, std::int64_t minor) {
        KONTOR_ASSERT(a.currency_ == b.currency_, "amounts of two currencies are added");
        return of(minor, a.currency_);
    }

    std::int64_t minor_{0};
    Currency currency_;
};

/// What a thing is worth before tax and the tax on it: `V` of the event catalogue.
struct NetTax {
    Money net;
    Money tax;

    Money gross() const { return net + tax; }
    static NetTax zero(Currency currency) { return {Money::zero(currency), Money::zero(currency)}; }
    friend bool operator==(NetTax const&, NetTax const&) = default;
    friend NetTax operator+(NetTax const& a, NetTax const& b) {
        return {a.net + b.net, a.tax + b.tax};
    }
    friend NetTax operator-(NetTax const& a, NetTax const& b) {
        return {a.net - b.net, a.tax - b.tax};
    }
};
BOOST_DESCRIBE_STRUCT(NetTax, (), (net, tax))
static_assert(describes_every_field<NetTax>());

} // namespace kontor
