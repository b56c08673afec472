#pragma once

/// What the answer to a webhook means, and when a delivery that failed is tried again.
/// Thread: any.   Source: RELIABILITY section 8, webhooks out; Standard Webhooks 1.0, "Retry
///         schedule" and "Response codes".

#include "base/instant.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor::webhooks {

enum class Verdict : std::uint8_t {
    delivered,
    failed,
    throttled, ///< failed, and the receiver asks to be left alone for a while
    gone       ///< the receiver wants nothing any more
};

/// Of an answer with this status: only 2xx is success.
Verdict verdict_of(std::uint16_t status);

/// The wait after so many failed tries, from 1; nothing: that was the last one.
std::optional<Duration> wait_after(std::uint32_t tries);

/// How long a receiver is left alone that answered with this Retry-After; nothing: as long as the
/// plan says. A date is as good as seconds; `now` is our own.
/// Source: RFC 9110 sections 5.6.7 and 10.2.3.
std::optional<Duration> pause_asked(std::string_view retry_after, Instant now);

} // namespace kontor::webhooks
