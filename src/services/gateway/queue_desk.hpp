#pragma once

/// QueueDesk: the queues as operators see them and use them.   Thread: the edge's. All outlive it.

#include "ports/dead_letters.hpp"
#include "ports/queue_admin.hpp"
#include "services/workers/job.hpp"

#include <vector>

namespace kontor::services::gateway {

struct QueueDesk {
    ports::Queue& queue;
    ports::QueueAdmin& admin;
    ports::MoveTasks& moves;
    ports::DeadLetters& letters;
    ports::QueueProgress& progress;
    /// What the messages ask for of queues that services here take their work from.
    std::vector<QueueJob> jobs{};
};

} // namespace kontor::services::gateway
