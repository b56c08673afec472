#pragma once

/// QueueJob: what the messages of a queue ask for, said once: for the worker that does it, and for
/// an operator who wants to know what would come of a message.   Thread: any.

#include "platform/commands/request.hpp"
#include "ports/queue.hpp"
#include "services/shop/work.hpp"

#include <functional>
#include <string>

namespace kontor::services {

/// What a message asks for.
struct AskedByMessage {
    Id128 cause; ///< of the event or command that it carries: the same however often it is sent
    Work work;
};

/// Which queue, who acts, and what its messages mean.
struct QueueJob {
    /// Nothing: the message asks for nothing that is not done already.
    /// Errors: invalid (it can never succeed, and why); what passes by itself.
    using Reader = std::function<Result<std::optional<AskedByMessage>>(std::string const& body)>;

    ports::QueueName queue;
    Actor actor;
    Reader read;
};

/// What the desk is asked on behalf of a message. A message that says the same again gives the same
/// command.   Errors: as the job's reader.
Result<std::optional<commands::Request<Work>>> request_of(QueueJob const& job,
                                                          std::string const& body, Instant now);

/// Why a message can never succeed, for whoever looks after it.
std::string words_of(Failure const& failure);

} // namespace kontor::services
