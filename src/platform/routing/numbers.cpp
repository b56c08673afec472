#include "platform/routing/numbers.hpp"

#include <charconv>
#include <cmath>

namespace kontor::routing {
namespace {

constexpr int digits_max = 17;

/// Any number of so many digits, of ordinary size, comes back from a double as it went in.
constexpr std::uint64_t always_comparable = 1'000'000'000'000'000;

/// Gathers significant digits; zeros are held back until a digit follows.
struct Digits {
    std::uint64_t value{0};
    int count{0};
    std::int64_t zeros{0};

    /// False: one more than any comparable number has.
    bool add(char c) {
        if (c == '0') {
            zeros += count > 0 ? 1 : 0;
            return true;
        }
        if (count + zeros + 1 > digits_max)
            return false;
        for (; zeros > 0; --zeros, ++count)
            value *= 10;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        ++count;
        return true;
    }
};

constexpr std::int64_t exponent_max = 100'000;

/// The number after `e`, at most exponent_max away from zero.
std::int64_t exponent_of(char const* at, char const* end) {
    bool const is_negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        ++at;
    std::int64_t exponent = 0;
    for (; at < end; ++at)
        if (exponent < exponent_max)
            exponent = exponent * 10 + (*at - '0');
    return is_negative ? -exponent : exponent;
}

} // namespace

std::optional<Decimal> decimal_of(std::string_view literal) {
    char const* at = literal.data();
    char const* const end = at + literal.size();
    Decimal decimal;
    if (at < end && *at == '-') {
        decimal.is_negative = true;
        ++at;
    }
    Digits digits;
    std::int64_t behind_point = 0;
    bool is_behind_point = false;
    for (; at < end && *at != 'e' && *at != 'E'; ++at) {
        if (*at == '.') {
            is_behind_point = true;
            continue;
        }
        behind_point += is_behind_point ? 1 : 0;
        if (!digits.add(*at))
            return std::nullopt;
    }
    if (digits.count == 0)
        return Decimal{};
    auto exponent = digits.zeros - behind_point;
    if (at < end)
        exponent += exponent_of(at + 1, end);
    if (exponent < -exponent_max || exponent > exponent_max)
        return std::nullopt;
    decimal.digits = digits.value;
    decimal.exponent = static_cast<std::int32_t>(exponent);
    return decimal;
}

std::optional<double> comparable(std::string_view literal) {
    auto const decimal = decimal_of(literal);
    if (!decimal)
        return std::nullopt;
    if (decimal->digits == 0)
        return 0.0;
    double value = 0;
    auto const [end, error] =
        std::from_chars(literal.data(), literal.data() + literal.size(), value);
    if (error != std::errc{} || end != literal.data() + literal.size() || !std::isfinite(value))
        return std::nullopt;
    if (decimal->digits < always_comparable && std::abs(decimal->exponent) < 250)
        return value;
    char text[32];
    auto const written =
        std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
    auto const shortest = decimal_of({text, static_cast<std::size_t>(written.ptr - text)});
    return shortest == decimal ? std::optional(value) : std::nullopt;
}

bool equals(Literal const& wanted, std::string_view literal) {
    if (wanted.value)
        return comparable(literal) == wanted.value;
    return wanted.text == literal;
}

} // namespace kontor::routing
