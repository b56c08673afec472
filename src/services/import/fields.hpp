#pragma once

/// The fields of a line as values. Each function reads one field as published and answers with
/// nothing if it cannot: the line is then unreadable, and the report says so.

#include "base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::online_retail {

/// A price as it was written, exactly: millionths of a pound. Nothing below a penny is ever
/// charged, but the file's own sum has it.
using Micropounds = std::int64_t;
inline constexpr Micropounds micropounds_per_penny = 10'000;
/// Wide enough for the sum of any file we take.
__extension__ typedef __int128 MicropoundsSum;

/// Blanks off both ends.
std::string_view trimmed(std::string_view text);
/// Every run of blanks becomes one, none at the ends; Latin-1 becomes UTF-8; cut at
/// `text_bytes_max`.
std::string squeezed(std::string_view text);

/// A whole number of units, |n| <= Quantity::max.
std::optional<std::int32_t> try_quantity(std::string_view text);
/// Decimal text with at most six digits that count after the point, |price| <= price_pounds_max.
std::optional<Micropounds> try_price(std::string_view text);
/// "17850", "17850.0"; 0 stands for an empty field, a guest.
std::optional<std::uint32_t> try_customer(std::string_view text);

/// A date whose day may stand before or after its month. The file decides which (see DateStyle).
struct DateReading {
    std::optional<Instant> day_first{};
    std::optional<Instant> month_first{}; ///< the same as day_first if the year comes first
};
/// "2010-12-01 08:26:00", "1/12/2010 8:26", "12/1/10 8:26".
DateReading read_date(std::string_view text);

/// What whoever hands a file in says of its dates.
enum class DateSequence : unsigned char { as_the_file_shows, day_first, month_first };

/// Which of the two readings a file means, where nobody says it: the one that leaves fewer lines
/// without a date; if equal, the one that goes back in time less often; if equal, the day first,
/// for the shop is British.
class DateStyle {
public:
    explicit DateStyle(DateSequence sequence = {}) : sequence_(sequence) {}

    void see(DateReading const& reading);
    bool is_day_first() const;
    /// Whether the file has dates that can be read both ways, and shows by nothing which is meant.
    bool is_ambiguous() const;
    Instant const* pick(DateReading const& reading) const;

private:
    struct Tally {
        std::uint64_t unreadable{0};
        std::uint64_t steps_back{0};
        Instant last{};
        void see(std::optional<Instant> const& at);
        std::pair<std::uint64_t, std::uint64_t> faults() const { return {unreadable, steps_back}; }
    };
    DateSequence sequence_;
    bool has_two_readings_{false};
    Tally day_first_;
    Tally month_first_;
};

} // namespace kontor::online_retail
