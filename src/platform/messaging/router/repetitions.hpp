#pragma once

/// Repetitions: what FIFO topics took within the last five minutes, so that it is known again after
/// a restart. It stands in a queue of the house, from which nobody receives and where all ends by
/// itself after those five minutes: a message for each that a topic took, in the commit of what it
/// came to. The fold over it makes the topics remember.
///
/// An event that a rule brings to a topic may come to its queues in several commits; it is known as
/// taken with the last of them, for what is half sent is sorted again.
/// Thread: whoever holds the router's lock.
/// Source: Amazon SNS Developer Guide, "Message deduplication for FIFO topics".

#include "platform/messaging/router/letter.hpp"
#include "ports/dead_letters.hpp"
#include "ports/queue_admin.hpp"

namespace kontor::router {

/// Behind all that comes of the same publishing, by the ways of letters.
inline constexpr std::string_view way_of_taken = "~taken";

Letter letter_of(std::string_view topic_arn, topics::TakenMessage const& taken);
/// A topic has ended: one of the same name has taken nothing yet.
Letter letter_of_end(std::string_view topic_arn);

/// Makes the queue where it does not stand.   Errors: as ports::QueueAdmin::create.
Result<void, ports::QueueFault> make_queue_of_repetitions(ports::QueueAdmin& admin);

/// Has the FIFO topics that stand remember what they took; without the queue that is nothing.
/// Errors: unavailable, corrupt.
Result<void> restore_taken(ports::DeadLetters& letters, topics::Board& board, Instant now);

} // namespace kontor::router
