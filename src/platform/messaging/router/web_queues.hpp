#pragma once

/// Web queues: what goes from topics to URLs waits in queues of this house, one for each
/// subscription, so it outlives the process as all that queues have does, and an endpoint that is
/// slow or dead delays no other. A message is what is posted; who carries it is the courier.
/// Thread: any.   Source: MESSAGING section 5, "https".

#include "ports/house_queues.hpp"
#include "ports/queue_admin.hpp"

#include <array>
#include <string_view>

namespace kontor::router {

/// Who sends what comes from topics.
inline constexpr std::string_view topic_sender = "sns";

/// What carries headers, besides those that follow from the subscription.
inline constexpr std::string_view type_header = "x-amz-sns-message-type";
inline constexpr std::string_view id_header = "x-amz-sns-message-id";
inline constexpr std::string_view raw_header = "x-amz-sns-rawdelivery";
inline constexpr std::array carried_headers{type_header, id_header, raw_header};

ports::QueueName web_queue_of(std::string_view subscription_arn);

/// Makes the queue of a subscription where it does not stand. It belongs to the topology: nobody
/// else changes or removes it.
/// Errors: as ports::QueueAdmin::create.
Result<void, ports::QueueFault> make_web_queue(ports::QueueAdmin& admin,
                                               std::string_view subscription_arn);

} // namespace kontor::router
