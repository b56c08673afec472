#pragma once

/// Numbers as literals. Two numbers are equal when they are worth the same, but only if a double
/// tells both from their neighbours: then a literal is *comparable*. All others equal their own
/// spelling and nothing else.
/// Source: MESSAGING section 2, "Numbers".

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::routing {

/// What a literal is worth: digits without trailing zeros, times a power of ten. Zero has no sign.
struct Decimal {
    std::uint64_t digits{};
    std::int32_t exponent{};
    bool is_negative{};

    friend bool operator==(Decimal const&, Decimal const&) = default;
};

/// Nothing for more than 17 digits, which no comparable number has, and for exponents that no
/// double has.   Requires: a number as JSON spells them.
std::optional<Decimal> decimal_of(std::string_view literal);

/// What a double's shortest text is worth.   Requires: a finite one.
Decimal decimal_of(double value);

/// The double that a literal is worth, if it is comparable.
/// Requires: a number as JSON spells them.
std::optional<double> comparable(std::string_view literal);

/// A number of a pattern.
struct Literal {
    std::string text{};
    std::optional<double> value{}; ///< if comparable

    static Literal of(std::string_view text) { return {std::string(text), comparable(text)}; }
};

/// Whether a number of an event equals one of a pattern.
bool equals(Literal const& wanted, std::string_view literal);

} // namespace kontor::routing
