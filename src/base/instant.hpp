#pragma once

/// Instant and Duration: time as whole microseconds, UTC. An Instant is a point, a Duration a
/// length; they mix only as a calendar would.
/// Units: microseconds; Instant counts from
/// 1970-01-01T00:00:00Z.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kontor {

class Duration {
public:
    constexpr Duration() = default;
    static constexpr Duration microseconds(std::int64_t n) { return Duration(n); }
    static constexpr Duration milliseconds(std::int64_t n) { return Duration(n * 1'000); }
    static constexpr Duration seconds(std::int64_t n) { return Duration(n * 1'000'000); }
    static constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
    static constexpr Duration hours(std::int64_t n) { return minutes(n * 60); }
    static constexpr Duration days(std::int64_t n) { return hours(n * 24); }

    constexpr std::int64_t in_microseconds() const { return microseconds_; }
    constexpr std::int64_t in_milliseconds() const { return microseconds_ / 1'000; }

    friend constexpr auto operator<=>(Duration, Duration) = default;
    friend constexpr Duration operator+(Duration a, Duration b) {
        return Duration(a.microseconds_ + b.microseconds_);
    }
    friend constexpr Duration operator-(Duration a, Duration b) {
        return Duration(a.microseconds_ - b.microseconds_);
    }
    friend constexpr Duration operator*(Duration a, std::int64_t n) {
        return Duration(a.microseconds_ * n);
    }

private:
    constexpr explicit Duration(std::int64_t n) : microseconds_(n) {}
    std::int64_t microseconds_{0};
};

class Instant {
public:
    constexpr Instant() = default;
    static constexpr Instant from_unix_microseconds(std::int64_t n) { return Instant(n); }
    constexpr std::int64_t unix_microseconds() const { return microseconds_; }
    constexpr std::int64_t unix_milliseconds() const { return microseconds_ / 1'000; }

    friend constexpr auto operator<=>(Instant, Instant) = default;
    friend constexpr Instant operator+(Instant at, Duration d) {
        return Instant(at.microseconds_ + d.in_microseconds());
    }
    friend constexpr Instant operator-(Instant at, Duration d) {
        return Instant(at.microseconds_ - d.in_microseconds());
    }
    friend constexpr Duration operator-(Instant a, Instant b) {
        return Duration::microseconds(a.microseconds_ - b.microseconds_);
    }

private:
    constexpr explicit Instant(std::int64_t n) : microseconds_(n) {}
    std::int64_t microseconds_{0};
};

/// A day of the proleptic Gregorian calendar with a time of day, all UTC.
struct CalendarTime {
    int year;
    int month; ///< 1..12
    int day;   ///< 1..31
    int hour{};
    int minute{};
    int second{};
    int microsecond{};
};

/// Errors: invalid (no such day or time of day; years outside 1970..9999).
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
Result<Instant> to_instant(CalendarTime const& time);
CalendarTime to_calendar(Instant at);

/// RFC 3339 with microseconds only when there are any: "2010-12-01T08:26:00Z",
/// "2026-01-02T03:04:05.000006Z".
std::string to_string(Instant at);
/// Errors: invalid (not RFC 3339 in UTC with `Z`).
Result<Instant> parse_instant(std::string_view text);

} // namespace kontor
