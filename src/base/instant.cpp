#include "base/instant.hpp"

#include <array>
#include <charconv>

#include <fmt/core.h>

namespace kontor {
namespace {

constexpr std::int64_t microseconds_a_day = 86'400'000'000;

constexpr std::int64_t days_from_civil(std::int64_t year, int month, int day) {
    year -= month <= 2 ? 1 : 0;
    auto const era = (year >= 0 ? year : year - 399) / 400;
    auto const year_of_era = year - era * 400;
    auto const day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    auto const day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

constexpr bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

constexpr int days_in(int year, int month) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

bool take_digits(std::string_view& text, std::size_t count, int& out) {
    if (text.size() < count)
        return false;
    auto const [end, error] = std::from_chars(text.data(), text.data() + count, out);
    if (error != std::errc{} || end != text.data() + count || text[0] == '-')
        return false;
    text.remove_prefix(count);
    return true;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text[0] != wanted)
        return false;
    text.remove_prefix(1);
    return true;
}

bool take_fraction(std::string_view& text, int& microsecond) {
    if (!take(text, '.'))
        return true;
    int digits = 0;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
        if (++digits > 6)
            return false;
        microsecond = microsecond * 10 + (text[0] - '0');
    }
    if (digits == 0)
        return false;
    for (; digits < 6; ++digits)
        microsecond *= 10;
    return true;
}

} // namespace

Result<Instant> to_instant(CalendarTime const& t) {
    bool const date_ok = t.year >= 1970 && t.year <= 9999 && t.month >= 1 && t.month <= 12 &&
                         t.day >= 1 && t.day <= days_in(t.year, t.month);
    bool const time_ok = t.hour >= 0 && t.hour < 24 && t.minute >= 0 && t.minute < 60 &&
                         t.second >= 0 && t.second < 60 && t.microsecond >= 0 &&
                         t.microsecond < 1'000'000;
    if (!date_ok || !time_ok)
        return unexpected(Failure{FailureKind::invalid, "no such day or time of day"});
    auto const seconds = std::int64_t{t.hour} * 3600 + t.minute * 60 + t.second;
    return Instant::from_unix_microseconds(days_from_civil(t.year, t.month, t.day) *
                                               microseconds_a_day +
                                           seconds * 1'000'000 + t.microsecond);
}

CalendarTime to_calendar(Instant at) {
    auto const total = at.unix_microseconds();
    auto days = total / microseconds_a_day;
    auto rest = total % microseconds_a_day;
    if (rest < 0) {
        rest += microseconds_a_day;
        --days;
    }
    // Hinnant's civil_from_days.
    days += 719'468;
    auto const era = (days >= 0 ? days : days - 146'096) / 146'097;
    auto const day_of_era = days - era * 146'097;
    auto const year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    auto const day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    auto const shifted_month = (5 * day_of_year + 2) / 153;
    auto const day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    auto const month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    auto const year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
    auto const seconds = rest / 1'000'000;
    return {year,
            month,
            day,
            static_cast<int>(seconds / 3600),
            static_cast<int>(seconds / 60 % 60),
            static_cast<int>(seconds % 60),
            static_cast<int>(rest % 1'000'000)};
}

std::string to_string(Instant at) {
    auto const t = to_calendar(at);
    auto const whole = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", t.year, t.month, t.day,
                                   t.hour, t.minute, t.second);
    return t.microsecond == 0 ? whole + "Z" : fmt::format("{}.{:06}Z", whole, t.microsecond);
}

Result<Instant> parse_instant(std::string_view text) {
    CalendarTime t{};
    bool const ok =
        take_digits(text, 4, t.year) && take(text, '-') && take_digits(text, 2, t.month) &&
        take(text, '-') && take_digits(text, 2, t.day) && take(text, 'T') &&
        take_digits(text, 2, t.hour) && take(text, ':') && take_digits(text, 2, t.minute) &&
        take(text, ':') && take_digits(text, 2, t.second) && take_fraction(text, t.microsecond) &&
        take(text, 'Z') && text.empty();
    if (!ok)
        return unexpected(Failure{FailureKind::invalid,
                                  "not an RFC 3339 time in UTC, like 2010-12-01T08:26:00Z"});
    return to_instant(t);
}

} // namespace kontor
