#pragma once

/// How queues are named on the wire: by URL and by ARN. In process they have names alone.
/// Thread: any.   Source: MESSAGING section 7, QueueUrl.

#include "adapters/aws_wire/call.hpp"
#include "ports/arn.hpp"
#include "ports/queue_message.hpp"
#include "ports/queue_refusal.hpp"

#include <string>
#include <string_view>

namespace kontor::aws_wire {

std::string url_of(PublicUrl const& base, ports::CloudPlace const& place, std::string_view queue);
std::string arn_of(ports::CloudPlace const& place, std::string_view queue);

/// The queue that a URL, or a path, names: its last two segments are account and name, whatever
/// stands before them.
/// Errors: InvalidAddress (no two segments), QueueDoesNotExist (another account, or a name that no
///         queue can have).
Wired<ports::QueueName> queue_of_url(std::string_view url, ports::CloudPlace const& place);

/// Errors: InvalidParameterValue (no ARN of a queue here).
Wired<ports::QueueName> queue_of_arn(std::string_view arn, ports::CloudPlace const& place);

/// Errors: QueueDoesNotExist (longer than any queue's, or one of the house).
Wired<ports::QueueName> queue_named(std::string_view name);

WireError no_such_queue();
bool is_fifo(ports::QueueName const& queue);

} // namespace kontor::aws_wire
