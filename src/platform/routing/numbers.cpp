#include "platform/routing/numbers.hpp"

#include "base/assert.hpp"

#include <charconv>
#include <cmath>
#include <cstring>

namespace kontor::routing {
namespace {

constexpr int digits_max = 17;

/// Any number of so many digits, of ordinary size, comes back from a double as it went in.
constexpr std::uint64_t always_comparable = 1'000'000'000'000'000;

/// Powers of ten that are doubles.
constexpr int exact_power_max = 22;
constexpr double powers[exact_power_max + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// Digits and power are doubles, so one rounding makes the nearest.
/// Source: W. D. Clinger, "How to read floating point numbers accurately", 1990, section 1.
double scaled(Decimal const& decimal) {
    auto const digits = static_cast<double>(decimal.digits);
    auto const value = decimal.exponent < 0 ? digits / powers[-decimal.exponent]
                                            : digits * powers[decimal.exponent];
    return decimal.is_negative ? -value : value;
}

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

/// The number after `e`, not much more than exponent_max away from zero. On bytes that are no
/// digits it stops: they come from events that nobody has checked.
std::int64_t exponent_of(char const* at, char const* end) {
    bool const is_negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        ++at;
    std::int64_t exponent = 0;
    for (; at < end && *at >= '0' && *at <= '9'; ++at)
        if (exponent < exponent_max)
            exponent = exponent * 10 + (*at - '0');
    return is_negative ? -exponent : exponent;
}

/// Of eight bytes, whether all are digits, and what they are worth.
/// Source: D. Lemire, "Number parsing at a gigabyte per second", 2021, section 5.
bool are_digits(std::uint64_t bytes) {
    return ((bytes & 0xF0F0F0F0F0F0F0F0) |
            ((bytes + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4) == 0x3333333333333333;
}

std::uint64_t eight_digits(std::uint64_t bytes) {
    bytes -= 0x3030303030303030;
    bytes = bytes * 10 + (bytes >> 8);
    return ((bytes & 0x000000FF000000FF) * 0x000F424000000064 +
            (bytes >> 16 & 0x000000FF000000FF) * 0x0000271000000001) >>
           32;
}

/// Reads digits while there are any.
char const* read_digits(char const* at, char const* end, std::uint64_t& value) {
    while (end - at >= 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, at, 8);
        if (!are_digits(bytes))
            break;
        value = value * 100'000'000 + eight_digits(bytes);
        at += 8;
    }
    for (; at < end && *at >= '0' && *at <= '9'; ++at)
        value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    return at;
}

/// Reads the digits up to the end, the last few of them at once.
/// Requires: eight bytes that may be read before the end.
char const* read_last_digits(char const* at, char const* end, std::uint64_t& value) {
    constexpr std::uint64_t zeros = 0x3030303030303030;
    constexpr std::uint64_t powers_of_ten[] = {1,      10,      100,       1'000,
                                               10'000, 100'000, 1'000'000, 10'000'000};
    if (end - at >= 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, at, 8);
        if (!are_digits(bytes))
            return at;
        value = value * 100'000'000 + eight_digits(bytes);
        at += 8;
    }
    auto const rest = end - at;
    if (rest == 0 || rest >= 8)
        return read_digits(at, end, value);
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, end - 8, 8);
    auto const kept = ~std::uint64_t{0} << 8 * (8 - rest);
    bytes = (bytes & kept) | (zeros & ~kept);
    if (!are_digits(bytes))
        return at;
    value = value * powers_of_ten[rest] + eight_digits(bytes);
    return end;
}

constexpr std::ptrdiff_t plain_size_max = 19;
constexpr std::ptrdiff_t long_size = 8;
constexpr std::uint64_t too_many_digits = 100'000'000'000'000'000;

/// A number without exponent and so short that its digits fit a word; false: it is another.
bool read_plain(char const* at, char const* end, Decimal& decimal) {
    std::uint64_t value = 0;
    auto const size = end - at;
    if (size > plain_size_max || size == 0)
        return false;
    for (; at < end && *at >= '0' && *at <= '9'; ++at)
        value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    auto const* const point = at;
    if (at < end && *at == '.')
        at = size > long_size ? read_last_digits(at + 1, end, value)
                              : read_digits(at + 1, end, value);
    if (at != end)
        return false;
    decimal.digits = value;
    decimal.exponent = point == end ? 0 : static_cast<std::int32_t>(point + 1 - end);
    if (value == 0)
        decimal = {};
    else if (end[-1] == '0' || end[-1] == '.')
        for (; decimal.digits % 10 == 0; decimal.digits /= 10)
            ++decimal.exponent;
    return true;
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
    if (read_plain(at, end, decimal))
        return decimal.digits < too_many_digits ? std::optional(decimal) : std::nullopt;
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

Decimal decimal_of(double value) {
    char text[32];
    auto const written =
        std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
    auto const decimal = decimal_of({text, static_cast<std::size_t>(written.ptr - text)});
    KONTOR_ASSERT(decimal.has_value(), "{} has no shortest text", value);
    return *decimal;
}

std::optional<double> comparable(std::string_view literal) {
    auto const decimal = decimal_of(literal);
    if (!decimal)
        return std::nullopt;
    if (decimal->digits == 0)
        return 0.0;
    if (decimal->digits < always_comparable && std::abs(decimal->exponent) <= exact_power_max)
        return scaled(*decimal);
    double value = 0;
    auto const [end, error] =
        std::from_chars(literal.data(), literal.data() + literal.size(), value);
    if (error != std::errc{} || end != literal.data() + literal.size() || !std::isfinite(value))
        return std::nullopt;
    if (decimal->digits < always_comparable && std::abs(decimal->exponent) < 250)
        return value;
    return decimal_of(value) == *decimal ? std::optional(value) : std::nullopt;
}

bool equals(Literal const& wanted, std::string_view literal) {
    if (wanted.value)
        return comparable(literal) == wanted.value;
    return wanted.text == literal;
}

} // namespace kontor::routing
