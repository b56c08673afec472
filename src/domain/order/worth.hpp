#pragma once

/// Worth: net value and tax in minor units of the one currency that an order has. Half the size of
/// NetTax, for the pools of many lines.

#include "domain/values/money.hpp"

#include <cstdint>

namespace kontor::order {

struct Worth {
    std::int64_t net{0};
    std::int64_t tax{0};

    constexpr Worth() = default;
    constexpr Worth(std::int64_t net_minor, std::int64_t tax_minor)
        : net(net_minor), tax(tax_minor) {}
    constexpr explicit Worth(NetTax const& value)
        : net(value.net.minor()), tax(value.tax.minor()) {}

    constexpr std::int64_t gross() const { return net + tax; }
    NetTax in(Currency currency) const {
        return {Money::of(net, currency), Money::of(tax, currency)};
    }

    constexpr Worth& operator+=(Worth other) {
        net += other.net;
        tax += other.tax;
        return *this;
    }
    constexpr Worth& operator-=(Worth other) {
        net -= other.net;
        tax -= other.tax;
        return *this;
    }
    friend constexpr bool operator==(Worth, Worth) = default;
};

/// What `n` of `units` units are worth; everything when they are all.
/// Requires: 0 <= n <= units.   Source: DOMAIN section 2, `take`.
inline Worth part_of(Worth whole, std::int64_t n, std::int64_t units) {
    if (n == units)
        return whole;
    Currency const any;
    return {Money::of(whole.net, any).take(n, units).minor(),
            Money::of(whole.tax, any).take(n, units).minor()};
}

/// How `amount` of a gross value divides into net value and tax; never more of either than there
/// is.   Requires: 0 <= amount <= whole.gross().
inline Worth split_of(Worth whole, std::int64_t amount) {
    if (amount == whole.gross())
        return whole;
    auto const net = Money::of(whole.net, Currency()).take(amount, whole.gross()).minor();
    return {net, amount - net};
}

} // namespace kontor::order
