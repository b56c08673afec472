#pragma once

/// What the routes of queues and of dead letters share: who is asked, by which name, and what a
/// refusal means to an operator.   Thread: the edge's.

#include "services/gateway/queue_desk.hpp"
#include "services/gateway/replies.hpp"

namespace kontor::services::gateway {

/// Errors: queues_off.
Result<QueueDesk*, Trouble> queue_desk_of(Parts const& parts);

/// A name that is too long names nothing.   Errors: unknown_queue.
Result<ports::QueueName, Trouble> queue_named(std::string_view text);

/// One message of a queue, with its content.   Errors: no_such_letter, and those of a look.
Result<ports::PeekedMessage, Trouble> letter_at(QueueDesk& desk, ports::QueueName const& queue,
                                                std::uint64_t number);

Trouble queue_trouble(ports::QueueFault const& fault);

/// Errors: the problem of the fault.
template <class T>
Result<T, Trouble> or_refused(Result<T, ports::QueueFault> answer) {
    if (!answer)
        return unexpected(queue_trouble(answer.error()));
    return *std::move(answer);
}

/// What was done is answered once it is durable.
void hold_until(Asked& asked, ports::QueueProgress& progress, ports::QueueMark mark);

} // namespace kontor::services::gateway
