#pragma once

/// Deadlines that callers bring along: how long they will wait, as `Kontor-Deadline-Ms`. No clocks
/// are compared: what travels is what is left.
/// Source: RELIABILITY section 8.

#include "base/instant.hpp"

#include <charconv>
#include <optional>
#include <string_view>

namespace kontor::resilience {

inline constexpr std::int64_t deadline_ms_max = 86'400'000;

/// What `Kontor-Deadline-Ms` says; nothing when it says nothing that can be kept.
inline std::optional<Duration> parse_deadline(std::string_view text) {
    std::int64_t milliseconds = 0;
    auto const [end, error] = std::from_chars(text.begin(), text.end(), milliseconds);
    if (error != std::errc{} || end != text.end() || milliseconds < 1 ||
        milliseconds > deadline_ms_max)
        return std::nullopt;
    return Duration::milliseconds(milliseconds);
}

/// What is left for the next one in the chain; nothing when the time is over.
constexpr std::optional<Duration> time_left(Duration deadline, Duration now) {
    return now < deadline ? std::optional(deadline - now) : std::nullopt;
}

} // namespace kontor::resilience
