#pragma once

/// Settling: ends a message of a queue in the commit of what its handling brought about. No crash
/// comes between the effect and the end of the message that asked for it: both are in the log, or
/// neither.
///
/// Delivery: with the effect the message is gone. Without it, because the commit was not appended,
///           the message comes again.
/// Thread: the log's writer's.

#include "ports/batch.hpp"
#include "ports/event_store.hpp"
#include "ports/queue_message.hpp"

#include "base/result.hpp"

namespace kontor::ports {

/// A message that somebody received and is handling.
struct TakenMessage {
    QueueName queue;
    ReceiptHandle receipt;
};

class Settling {
public:
    virtual ~Settling() = default;

    /// Puts the end of the message into the open commit of the batch.
    /// Requires: the batch has an open commit and no other message's end; it is appended next by
    ///           whoever gave it, and `appended` is told before another message ends this way.
    /// Errors:   not_found (the queue is gone), invalid (the receipt was never given); what the
    ///           store says. Nothing was settled then: the message comes again.
    virtual Result<void> settle_in(Batch& batch, TakenMessage const& message) = 0;
    /// The batch was appended.
    virtual void appended(Batch const& batch, Appended const& appended) = 0;
};

} // namespace kontor::ports
