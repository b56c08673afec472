#pragma once

/// RetrySchedule: when a delivery that failed is tried again: at once, after the least wait, after
/// waits that grow, after the longest wait, so often each.
/// Source: MESSAGING section 5, "Retries"; Amazon SNS Developer Guide, "Message delivery retries".
/// How a backoff grows AWS does not say; ours are in the comments.

#include "ports/messaging_words.hpp"

#include "base/instant.hpp"

#include <optional>
#include <string_view>

namespace kontor::topics {

enum class Backoff : std::uint8_t {
    linear,     ///< by equal steps
    arithmetic, ///< by steps that grow by as much each time
    geometric,  ///< by a factor that stays
    exponential ///< each step twice the one before
};

struct RetrySchedule {
    std::uint32_t at_once{0};
    std::uint32_t after_least{0};
    std::uint32_t growing{0};
    std::uint32_t after_longest{0};
    Duration least{};
    Duration longest{};
    Backoff backoff{Backoff::linear};

    /// Our own queues.
    static constexpr RetrySchedule of_queues() {
        return {
            3, 2, 10, 100'000, Duration::seconds(1), Duration::seconds(20), Backoff::exponential};
    }
    static constexpr RetrySchedule of_endpoints() {
        return {0, 0, 3, 0, Duration::seconds(20), Duration::seconds(20), Backoff::linear};
    }

    /// Reads a `DeliveryPolicy`, of a subscription or of a topic (there under `http`).
    /// Errors:   invalid, with AWS's "Invalid parameter: DeliveryPolicy: …".
    static Result<RetrySchedule, ports::MessagingRefusal> parse(std::string_view policy);

    std::uint32_t retries() const { return at_once + after_least + growing + after_longest; }

    /// The wait after so many failed tries, from 1; nothing: that was the last one.
    std::optional<Duration> wait_after(std::uint32_t tries) const;

    /// Of all waits.
    Duration total() const;

    friend bool operator==(RetrySchedule const&, RetrySchedule const&) = default;
};

} // namespace kontor::topics
