#include "platform/webhooks/retry_plan.hpp"

#include "platform/webhooks/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace kontor::webhooks {
namespace {

constexpr std::array waits{Duration::seconds(5), Duration::minutes(5), Duration::minutes(30),
                           Duration::hours(2),   Duration::hours(5),   Duration::hours(10),
                           Duration::hours(14),  Duration::hours(20),  Duration::hours(24)};
static_assert(waits.size() + 1 == tries_max, "a wait between each try and the next");

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number_in(std::string_view digits) {
    int number = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || number < 0)
        return std::nullopt;
    return number;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", the one form that is still written.
std::optional<Instant> date_in(std::string_view text) {
    constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (text.size() != form.size() || !text.ends_with(" GMT") || text[3] != ',' ||
        text[19] != ':' || text[22] != ':')
        return std::nullopt;
    auto const month = std::ranges::find(months, text.substr(8, 3));
    auto const day = number_in(text.substr(5, 2));
    auto const year = number_in(text.substr(12, 4));
    auto const hour = number_in(text.substr(17, 2));
    auto const minute = number_in(text.substr(20, 2));
    auto const second = number_in(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second)
        return std::nullopt;
    auto const number = static_cast<int>(std::distance(months.begin(), month)) + 1;
    auto const at = to_instant({*year, number, *day, *hour, *minute, *second});
    return at ? std::optional(*at) : std::nullopt;
}

} // namespace

Verdict verdict_of(std::uint16_t status) {
    switch (status) {
    case 410: return Verdict::gone;
    case 429:
    case 502:
    case 504: return Verdict::throttled;
    default: return status >= 200 && status < 300 ? Verdict::delivered : Verdict::failed;
    }
}

std::optional<Duration> wait_after(std::uint32_t tries) {
    if (tries == 0 || tries > waits.size())
        return std::nullopt;
    return waits[tries - 1];
}

std::optional<Duration> pause_asked(std::string_view retry_after, Instant now) {
    auto pause = Duration();
    if (auto const seconds = number_in(retry_after)) {
        pause = Duration::seconds(*seconds);
    } else {
        auto const date = date_in(retry_after);
        if (!date)
            return std::nullopt;
        pause = *date - now;
    }
    return std::clamp(pause, Duration(), pause_max);
}

} // namespace kontor::webhooks
