#pragma once

/// The attributes of a queue as SQS has them, texts under names, to and from what they set.
/// Thread: any.   Source: Amazon SQS API Reference, SetQueueAttributes, GetQueueAttributes.

#include "adapters/aws_wire/queue_names.hpp"
#include "ports/queue_admin.hpp"

#include <map>
#include <string>
#include <vector>

namespace kontor::aws_wire {

using NamedTexts = std::map<std::string, std::string>;

/// What attributes ask for. FifoQueue is not among them: the kind is fixed when a queue is made.
/// Errors: InvalidAttributeName (none that can be set), InvalidAttributeValue (cannot be read;
///         whether a number is within its range the queue itself says).
Wired<ports::QueueChange> read_attributes(NamedTexts const& attributes,
                                          ports::CloudPlace const& place);

/// Of the names that were asked for; `All` asks for each that the queue has.
/// Errors: InvalidAttributeName.
Wired<NamedTexts> attributes_of(ports::QueueDescription const& queue,
                                ports::QueueDepth const& depth, ports::CloudPlace const& place,
                                std::vector<std::string> const& wanted);

} // namespace kontor::aws_wire
