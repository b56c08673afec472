#pragma once

/// Currency: a code of ISO 4217 with its exponent, from a compiled table.

#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <string_view>

namespace kontor {

class Currency {
public:
    /// Errors: invalid (no such code; codes are upper case).
    static Result<Currency> parse(std::string_view code);

    std::string_view code() const;
    /// How many digits follow the decimal point: GBP 2, JPY 0, KWD 3.
    int exponent() const;
    /// The number ISO gives the code; this is what the log stores.
    std::uint16_t iso_number() const { return number_; }
    /// Errors: invalid (no such number).
    static Result<Currency> from_iso_number(std::uint16_t number);

    constexpr Currency() = default; ///< "XXX": no currency
    friend constexpr auto operator<=>(Currency, Currency) = default;

    static constexpr Currency gbp() { return Currency(826); }
    static constexpr Currency eur() { return Currency(978); }
    static constexpr Currency usd() { return Currency(840); }
    static constexpr Currency jpy() { return Currency(392); }
    static constexpr Currency kwd() { return Currency(414); }

private:
    constexpr explicit Currency(std::uint16_t number) : number_(number) {}
    std::uint16_t number_{999};
};

} // namespace kontor
