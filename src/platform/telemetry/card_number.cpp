#include "platform/telemetry/card_number.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace kontor::telemetry {
namespace {

constexpr std::size_t card_digits_min = 13;
constexpr std::size_t card_digits_max = 19;

/// Numbers of one scheme: what their first four digits are between, and how many digits they have.
struct Range {
    std::uint32_t first;
    std::uint32_t last;
    std::size_t length_min;
    std::size_t length_max;
};

constexpr std::array ranges{
    Range{4000, 4999, 16, 16}, Range{4000, 4999, 19, 19}, // Visa
    Range{5100, 5599, 16, 16}, Range{2221, 2720, 16, 16}, // Mastercard
    Range{3400, 3499, 15, 15}, Range{3700, 3799, 15, 15}, // American Express
    Range{3000, 3059, 14, 19}, Range{3600, 3699, 14, 19}, // Diners Club
    Range{3800, 3999, 14, 19},                            // likewise
    Range{6011, 6011, 16, 19}, Range{6440, 6599, 16, 19}, // Discover
    Range{3528, 3589, 16, 19},                            // JCB
    Range{6200, 6299, 16, 19},                            // UnionPay
    Range{5000, 5099, 16, 19}, Range{5600, 5899, 16, 19}, // Maestro
    Range{6700, 6799, 16, 19},                            // likewise
    Range{2200, 2204, 16, 19},                            // Mir
};

bool is_figure(char c) {
    return c >= '0' && c <= '9';
}
bool is_in_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_issued(std::string_view digits) {
    std::uint32_t begin = 0;
    for (char const digit : digits.substr(0, 4))
        begin = begin * 10 + static_cast<std::uint32_t>(digit - '0');
    return std::ranges::any_of(ranges, [&](Range const& range) {
        return begin >= range.first && begin <= range.last && digits.size() >= range.length_min &&
               digits.size() <= range.length_max;
    });
}

/// Whether a card's number begins the text; behind it anything may follow but a letter or digit.
bool begins_with_card(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size() && digits.size() < card_digits_max; ++i) {
        bool const joins = text[i] == ' ' || text[i] == '-';
        if (!is_figure(text[i]) && (!joins || !is_figure(text[i - 1])))
            return false;
        if (joins)
            continue;
        digits += text[i];
        bool const ends =
            i + 1 == text.size() || (!is_figure(text[i + 1]) && !is_in_word(text[i + 1]));
        if (ends && digits.size() >= card_digits_min && is_issued(digits) && is_luhn(digits))
            return true;
    }
    return false;
}

} // namespace

bool is_luhn(std::string_view digits) {
    int sum = 0;
    bool is_doubled = false;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at, is_doubled = !is_doubled) {
        auto const digit = (*at - '0') * (is_doubled ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

bool holds_card_number(std::string_view text) {
    for (std::size_t i = 0; i + card_digits_min <= text.size(); ++i) {
        bool const begins =
            is_figure(text[i]) &&
            (i == 0 || (!is_figure(text[i - 1]) && !is_in_word(text[i - 1]) && text[i - 1] != '+'));
        if (begins && begins_with_card(text.substr(i)))
            return true;
    }
    return false;
}

} // namespace kontor::telemetry
