#pragma once

/// memory::Queues: queues in RAM, the reference that others are compared with: the state machine of
/// platform/messaging with nobody who keeps its facts. What it accepts is durable at once, and gone
/// with the process.   Thread: any.

#include "platform/messaging/hosting/hosted_queues.hpp"

namespace kontor::memory {

class Queues {
public:
    /// Both outlive the queues.
    Queues(Clock& clock, ports::SecretSource& secrets) : hosted_(clock, secrets) {}

    ports::Queue& queue() { return hosted_; }
    ports::QueueAdmin& admin() { return hosted_; }
    ports::MoveTasks& moves() { return hosted_; }
    ports::DeadLetters& letters() { return hosted_; }
    ports::QueueProgress& progress() { return hosted_; }
    /// Carries out move tasks.
    Agent& agent() { return hosted_; }
    bool is_whole() { return hosted_.is_whole(); }

private:
    hosting::HostedQueues hosted_;
};

} // namespace kontor::memory
