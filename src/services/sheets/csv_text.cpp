#include "services/sheets/csv_text.hpp"

#include <algorithm>
#include <charconv>

namespace kontor::services::sheets {
namespace {

constexpr std::string_view formula_signs = "=+@\t\r";

/// A number may begin with a minus; whatever else does would be reckoned. Apostrophes before it
/// change nothing, so that one more can be put before them and taken off again.
bool looks_like_a_formula(std::string_view field) {
    field.remove_prefix(std::min(field.find_first_not_of('\''), field.size()));
    if (field.empty())
        return false;
    bool const is_word_after_minus =
        field.front() == '-' && field.find_first_not_of("0123456789.,", 1) != field.npos;
    return formula_signs.find(field.front()) != formula_signs.npos || is_word_after_minus;
}

Failure no_number(std::string_view text) {
    return {FailureKind::invalid, "a number is wanted", std::string(text)};
}

} // namespace

void append_record(std::string& out, std::span<std::string const> fields) {
    bool is_first = true;
    for (auto const& field : fields) {
        if (!is_first)
            out += ',';
        is_first = false;
        bool const is_formula = looks_like_a_formula(field);
        if (!is_formula && field.find_first_of(",\"\n\r") == field.npos) {
            out += field;
            continue;
        }
        out += is_formula ? "\"'" : "\"";
        for (char const c : field) {
            if (c == '"')
                out += '"';
            out += c;
        }
        out += '"';
    }
    out += "\r\n";
}

std::string_view without_guard(std::string_view field) {
    bool const is_guarded = field.starts_with('\'') && looks_like_a_formula(field);
    return is_guarded ? field.substr(1) : field;
}

Result<std::int64_t> parse_whole(std::string_view text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0)
        return unexpected(no_number(text));
    return number;
}

Result<Money> parse_decimal(std::string_view text, Currency currency) {
    bool const is_negative = text.starts_with('-');
    auto const unsigned_text = is_negative ? text.substr(1) : text;
    auto const dot = unsigned_text.find('.');
    auto const whole = unsigned_text.substr(0, dot);
    auto const part = dot == text.npos ? std::string_view{} : unsigned_text.substr(dot + 1);
    auto const digits = static_cast<std::size_t>(currency.exponent());
    if (part.size() > digits || (dot != text.npos && part.empty()))
        return unexpected(Failure{FailureKind::invalid,
                                  "an amount with at most " + std::to_string(digits) +
                                      " digits behind the point is wanted",
                                  std::string(text)});
    std::string all(whole);
    all += part;
    all.append(digits - part.size(), '0');
    if (whole.empty() || all.size() > 15)
        return unexpected(no_number(text));
    KONTOR_TRY(auto const minor, parse_whole(all));
    return Money::of(is_negative ? -minor : minor, currency);
}

} // namespace kontor::services::sheets
