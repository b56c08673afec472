#pragma once

/// How many: three types that do not mix. A Quantity is asked for and positive, a Count is a tally
/// and never negative, a Delta is a change and never zero.

#include "base/result.hpp"

#include <compare>
#include <cstdint>

namespace kontor {

enum class QuantityError : unsigned char { out_of_range };

/// 1..1,000,000 units.
class Quantity {
public:
    static constexpr std::int64_t max = 1'000'000;

    static constexpr bool is_valid(std::int64_t units) { return units >= 1 && units <= max; }
    /// Errors: out_of_range.
    static Result<Quantity, QuantityError> create(std::int64_t units) {
        if (!is_valid(units))
            return unexpected(QuantityError::out_of_range);
        return Quantity(units);
    }
    /// For literals and for units that were checked before.   Requires: is_valid(units).
    static constexpr Quantity of(std::int64_t units) {
        KONTOR_ASSERT(is_valid(units), "a quantity of {}", units);
        return Quantity(units);
    }

    constexpr Quantity() = default; ///< one unit
    constexpr std::int64_t value() const { return units_; }
    friend constexpr auto operator<=>(Quantity, Quantity) = default;

private:
    constexpr explicit Quantity(std::int64_t units) : units_(units) {}
    std::int64_t units_{1};
};

/// A tally of units, never negative. A subtraction that would go below zero is a defect: check
/// first.
class Count {
public:
    constexpr Count() = default;
    constexpr explicit Count(std::int64_t units) : units_(units) {
        KONTOR_ASSERT(units >= 0, "a count of {}", units);
    }
    // NOLINTNEXTLINE(google-explicit-constructor): every quantity is a count
    constexpr Count(Quantity quantity) : units_(quantity.value()) {}
    constexpr std::int64_t value() const { return units_; }

    friend constexpr Count operator+(Count a, Count b) { return Count(a.units_ + b.units_); }
    friend constexpr Count operator-(Count a, Count b) { return Count(a.units_ - b.units_); }
    constexpr Count& operator+=(Count other) { return *this = *this + other; }
    constexpr Count& operator-=(Count other) { return *this = *this - other; }
    friend constexpr auto operator<=>(Count, Count) = default;

private:
    std::int64_t units_{0};
};

/// A change of stock: up or down, never zero.
class Delta {
public:
    /// Errors: out_of_range (zero, or past Quantity::max either way).
    static Result<Delta, QuantityError> create(std::int64_t units) {
        if (units == 0 || units > Quantity::max || units < -Quantity::max)
            return unexpected(QuantityError::out_of_range);
        return Delta(units);
    }
    constexpr Delta() = default; ///< plus one
    constexpr std::int64_t value() const { return units_; }
    friend constexpr auto operator<=>(Delta, Delta) = default;

private:
    constexpr explicit Delta(std::int64_t units) : units_(units) {}
    std::int64_t units_{1};
};

} // namespace kontor
