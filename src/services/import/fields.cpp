#include "services/import/fields.hpp"

#include "services/import/limits.hpp"

#include "domain/values/quantity.hpp"

#include <array>
#include <charconv>
#include <tuple>

namespace kontor::online_retail {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

template <class T>
std::optional<T> try_whole(std::string_view text) {
    T value{};
    auto const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stopped != end)
        return {};
    return value;
}

/// The length of the UTF-8 character at the front, 0 if it is none. Overlong forms and surrogates
/// pass: they are text of somebody's, and no key of ours.
std::size_t utf8_length(std::string_view text) {
    auto const lead = static_cast<unsigned char>(text[0]);
    auto const length = lead < 0x80   ? 1U
                        : lead < 0xC2 ? 0U
                        : lead < 0xE0 ? 2U
                        : lead < 0xF0 ? 3U
                        : lead < 0xF5 ? 4U
                                      : 0U;
    if (length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U)
            return 0;
    return length;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        auto const length = utf8_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string from_latin1(std::string_view text) {
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | (byte >> 6U));
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

/// Takes digits off the front of `text`, as many as there are.
std::optional<int> take_number(std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() && length < 5 && is_digit(text[length]))
        ++length;
    auto const number = try_whole<int>(text.substr(0, length));
    text.remove_prefix(length);
    return number;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text[0]) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Instant> instant_of(CalendarTime const& time) {
    auto const at = to_instant(time);
    if (!at)
        return {};
    return *at;
}

} // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string squeezed(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (!is_blank(c))
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (!out.empty() && out.back() == ' ')
        out.pop_back();
    if (!is_utf8(out))
        out = from_latin1(out);
    if (out.size() > text_bytes_max) {
        auto length = text_bytes_max;
        while ((static_cast<unsigned char>(out[length]) & 0xC0U) == 0x80U)
            --length;
        out.resize(length);
    }
    return out;
}

std::optional<std::int32_t> try_quantity(std::string_view text) {
    auto const units = try_whole<std::int32_t>(trimmed(text));
    if (!units || *units > Quantity::max || *units < -Quantity::max)
        return {};
    return units;
}

std::optional<Micropounds> try_price(std::string_view text) {
    text = trimmed(text);
    bool const negative = text.starts_with('-');
    text.remove_prefix(negative ? 1 : 0);
    auto const point = text.find('.');
    auto const whole = text.substr(0, point);
    auto part = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    while (part.ends_with('0'))
        part.remove_suffix(1);
    if (part.size() > 6 || (whole.empty() && part.empty()) ||
        (!whole.empty() && !is_digit(whole[0])))
        return {};
    auto const pounds = whole.empty() ? 0 : try_whole<std::int64_t>(whole);
    auto millionths = std::int64_t{0};
    for (std::size_t i = 0; i < 6; ++i) {
        if (i < part.size() && !is_digit(part[i]))
            return {};
        millionths = millionths * 10 + (i < part.size() ? part[i] - '0' : 0);
    }
    if (!pounds || *pounds >= price_pounds_max)
        return {};
    auto const price = *pounds * 1'000'000 + millionths;
    return negative ? -price : price;
}

std::optional<std::uint32_t> try_customer(std::string_view text) {
    text = trimmed(text);
    if (text.empty())
        return 0;
    if (text.ends_with(".0"))
        text.remove_suffix(2);
    auto const number = try_whole<std::uint32_t>(text);
    if (!number || *number == 0)
        return {};
    return number;
}

DateReading read_date(std::string_view text) {
    text = trimmed(text);
    auto const first = take_number(text);
    bool const first_mark = take(text, "-/.");
    auto const second = take_number(text);
    bool const second_mark = take(text, "-/.");
    auto const third = take_number(text);
    bool const apart = take(text, " T");
    auto const hour = take_number(text);
    bool const colon = take(text, ":");
    auto const minute = take_number(text);
    auto const second_of_minute = take(text, ":") ? take_number(text) : std::optional(0);
    take(text, "Z");
    bool const complete = first && first_mark && second && second_mark && third && apart && hour &&
                          colon && minute && second_of_minute && text.empty();
    if (!complete)
        return {};
    CalendarTime time{*first, *second, *third, *hour, *minute, *second_of_minute};
    if (*first > 31) {
        auto const at = instant_of(time);
        return {at, at};
    }
    time.year = *third < 100 ? *third + 2000 : *third;
    time.day = *first;
    auto const day_first = instant_of(time);
    time.month = *first;
    time.day = *second;
    return {day_first, instant_of(time)};
}

void DateStyle::Tally::see(std::optional<Instant> const& at) {
    if (!at) {
        ++unreadable;
        return;
    }
    steps_back += *at < last ? 1 : 0;
    last = *at;
}

void DateStyle::see(DateReading const& reading) {
    day_first_.see(reading.day_first);
    month_first_.see(reading.month_first);
    has_two_readings_ = has_two_readings_ || (reading.day_first && reading.month_first &&
                                              *reading.day_first != *reading.month_first);
}

bool DateStyle::is_day_first() const {
    return sequence_ == DateSequence::as_the_file_shows
               ? day_first_.faults() <= month_first_.faults()
               : sequence_ == DateSequence::day_first;
}

bool DateStyle::is_ambiguous() const {
    return sequence_ == DateSequence::as_the_file_shows && has_two_readings_ &&
           day_first_.faults() == month_first_.faults();
}

Instant const* DateStyle::pick(DateReading const& reading) const {
    auto const& picked = is_day_first() ? reading.day_first : reading.month_first;
    return picked ? &*picked : nullptr;
}

} // namespace kontor::online_retail
