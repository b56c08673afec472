#pragma once

/// What may be sent, and what a queue may be called and set to. Pure; each check says what is wrong
/// as AWS's error and a sentence.
/// Source: MESSAGING section 6; Amazon SQS API reference, SendMessage, CreateQueue.

#include "ports/queue_admin.hpp"

#include <string_view>

namespace kontor::queues {

using Checked = Result<void, ports::QueueRefusal>;

/// Whether all characters are those that XML 1.0 knows, in well-formed UTF-8.
bool is_sendable_text(std::string_view text);

/// How much of its queue's limit a message takes: body, and names, types and values of attributes.
std::size_t size_of(ports::OutgoingMessage const& message);

/// A message for a queue of these settings, its group and ids included.
/// Errors: invalid_message_contents, invalid_parameter_value, missing_parameter.
Checked check_message(ports::OutgoingMessage const& message, ports::QueueSettings const& settings);

/// Errors: invalid_parameter_value (spelling, or a kind that the name does not say).
Checked check_name(ports::QueueName const& name, ports::QueueKind kind);

/// Values that a change sets, on a queue of this kind.
/// Errors: invalid_attribute_value, invalid_attribute_name (FIFO's alone).
Checked check_change(ports::QueueChange const& change, ports::QueueKind kind);

/// What a queue is set to and tagged with after a change.
void apply_change(ports::QueueChange const& change, ports::QueueDescription& queue);
/// Whether all that the change sets is as it stands already.
bool is_as_set(ports::QueueChange const& change, ports::QueueDescription const& queue);

} // namespace kontor::queues
