#pragma once

/// QueueDesk: the queues as operators see them and use them.   Thread: the edge's. All outlive it.

#include "ports/dead_letters.hpp"
#include "ports/queue_admin.hpp"

namespace kontor::services::gateway {

struct QueueDesk {
    ports::Queue& queue;
    ports::QueueAdmin& admin;
    ports::MoveTasks& moves;
    ports::DeadLetters& letters;
    ports::QueueProgress& progress;
};

} // namespace kontor::services::gateway
