#pragma once

/// Delivery: an event on its way to one target, when it is tried again, and what its dead letter
/// says.
/// Source: MESSAGING section 4, "Retry" and "Dead letter".

#include "base/random.hpp"
#include "ports/event_bus.hpp"
#include "ports/message_attribute.hpp"

#include <variant>

namespace kontor::bus {

struct Delivery {
    std::string event_id{};
    std::string rule_arn{};
    std::string target_id{};
    std::string target_arn{};
    std::string body{};
    std::string message_group_id{};
    ports::RetryPolicy retry{};
    std::string dead_letter_arn{}; ///< empty: none
    std::uint32_t hops{0};         ///< that the event has behind it

    /// The target's own lane: of one slow target no other learns.
    std::string lane() const { return rule_arn + " " + target_id; }
};

/// Why a delivery failed.
enum class DeliveryFault : std::uint8_t {
    connection_failure, ///< refused, reset
    no_permissions,
    no_resource, ///< the target is not there
    throttled,
    timed_out,
    service_failure, ///< 5xx
    refused,         ///< another 4xx
    pattern_budget,  ///< whether the event meets the rule is not known
    too_large,       ///< what the target would get
    lane_full,       ///< the target is so slow that no more may wait for it
    too_many_hops
};

/// As ERROR_CODE says it.
std::string_view error_code(DeliveryFault fault);

/// Whether it may pass by itself.
bool may_be_repeated(DeliveryFault fault);

enum class Exhausted : std::uint8_t { tries, age };

/// What comes after a failed try.
struct TryAgain {
    Duration after{};
};
struct GiveUp {
    std::optional<Exhausted> exhausted{}; ///< nothing: the fault is final
};

struct FailedTry {
    DeliveryFault fault{};
    std::uint32_t tries{}; ///< up to now, this one counted
    Duration age{};        ///< since the delivery began
};

/// Waits 1 s and then doubles, up to 10 min, all of it jitter; ends when the tries or the age of
/// the policy are over, whichever comes first.
std::variant<TryAgain, GiveUp> after_failure(ports::RetryPolicy const& policy,
                                             FailedTry const& failed, Random& random);

/// A message for a dead-letter queue.
struct DeadLetter {
    std::string queue_arn{};
    std::string body{};
    ports::MessageAttributes attributes{};
};

struct Death {
    DeliveryFault fault{};
    std::string what{};
    std::optional<Exhausted> exhausted{};
    std::uint32_t tries{0}; ///< made
};

/// Nothing: the target has no dead-letter queue; the event is lost, which is counted.
std::optional<DeadLetter> dead_letter_of(Delivery const& delivery, Death const& death);

} // namespace kontor::bus
