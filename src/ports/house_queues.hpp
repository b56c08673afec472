#pragma once

/// Queues of the house: what goes from topics to URLs waits in them, and what topics took is noted
/// in one (platform/messaging/router, web_queues.hpp and repetitions.hpp). They stand among all
/// others, and outlive the process as these do, but whoever could receive from them would take what
/// is an endpoint's, and whoever could send would speak in a topic's name. So no caller makes, sees
/// or names one: for him there is none. Operators see them.
/// Thread: any.   Source: our choice; SNS shows nobody what it has not delivered yet.

#include <string_view>

namespace kontor::ports {

/// The queues of subscriptions begin with this, and have the id of theirs behind it.
inline constexpr std::string_view endpoint_queue_prefix = "sns-endpoint-";
inline constexpr std::string_view repetitions_queue = "sns-repetitions";

constexpr bool is_house_queue(std::string_view name) {
    return name.starts_with(endpoint_queue_prefix) || name == repetitions_queue;
}

} // namespace kontor::ports
