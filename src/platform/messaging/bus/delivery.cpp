#include "platform/messaging/bus/delivery.hpp"

#include "platform/messaging/bus/limits.hpp"

#include <algorithm>

namespace kontor::bus {

std::string_view error_code(DeliveryFault fault) {
    switch (fault) {
    case DeliveryFault::connection_failure: return "CONNECTION_FAILURE";
    case DeliveryFault::no_permissions: return "NO_PERMISSIONS";
    case DeliveryFault::no_resource: return "NO_RESOURCE";
    case DeliveryFault::throttled: return "THROTTLING";
    case DeliveryFault::timed_out: return "TIMEOUT";
    case DeliveryFault::service_failure: return "SERVICE_FAILURE";
    case DeliveryFault::refused: return "SDK_CLIENT_ERROR";
    case DeliveryFault::pattern_budget: return "PATTERN_BUDGET";
    case DeliveryFault::too_large: return "TOO_LARGE";
    case DeliveryFault::lane_full: return "LANE_FULL";
    case DeliveryFault::too_many_hops: return "TOO_MANY_HOPS";
    }
    KONTOR_UNREACHABLE();
}

bool may_be_repeated(DeliveryFault fault) {
    switch (fault) {
    case DeliveryFault::connection_failure:
    case DeliveryFault::throttled:
    case DeliveryFault::timed_out:
    case DeliveryFault::service_failure: return true;
    case DeliveryFault::no_permissions:
    case DeliveryFault::no_resource:
    case DeliveryFault::refused:
    case DeliveryFault::pattern_budget:
    case DeliveryFault::too_large:
    case DeliveryFault::lane_full:
    case DeliveryFault::too_many_hops: return false;
    }
    KONTOR_UNREACHABLE();
}

std::variant<TryAgain, GiveUp> after_failure(ports::RetryPolicy const& policy,
                                             FailedTry const& failed, Random& random) {
    constexpr std::uint32_t doublings_max = 10; // 2^10 s is beyond the longest wait
    static_assert(first_wait * (1 << doublings_max) >= longest_wait);
    if (!may_be_repeated(failed.fault))
        return GiveUp{};
    if (failed.tries > policy.tries_max)
        return GiveUp{Exhausted::tries};
    auto const doublings = std::min(failed.tries - 1, doublings_max);
    auto const longest = std::min(longest_wait, first_wait * (std::int64_t{1} << doublings));
    auto const after = Duration::microseconds(random.between(0, longest.in_microseconds()));
    if (failed.age + after > Duration::seconds(policy.age_seconds))
        return GiveUp{Exhausted::age};
    return TryAgain{after};
}

std::optional<DeadLetter> dead_letter_of(Delivery const& delivery, Death const& death) {
    if (delivery.dead_letter_arn.empty())
        return std::nullopt;
    DeadLetter letter{delivery.dead_letter_arn, delivery.body};
    auto const add = [&](std::string name, std::string value) {
        letter.attributes.push_back({std::move(name), "String", std::move(value)});
    };
    add("RULE_ARN", delivery.rule_arn);
    add("TARGET_ARN", delivery.target_arn);
    add("ERROR_CODE", std::string(error_code(death.fault)));
    add("ERROR_MESSAGE", death.what);
    if (death.exhausted)
        add("EXHAUSTED_RETRY_CONDITION", *death.exhausted == Exhausted::tries
                                             ? "MaximumRetryAttempts"
                                             : "MaximumEventAgeInSeconds");
    if (death.exhausted)
        add("RETRY_ATTEMPTS", std::to_string(std::max(death.tries, 1U) - 1));
    return letter;
}

} // namespace kontor::bus
