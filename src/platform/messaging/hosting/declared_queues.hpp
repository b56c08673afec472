#pragma once

/// The queues that a topology declares, made where they are missing and set as it says where they
/// stand otherwise. One that it no longer names stays.   Thread: any.
/// Source: MESSAGING section 1.

#include "ports/queue_admin.hpp"
#include "topology/topology.hpp"

namespace kontor::hosting {

/// What is set of a declared queue.
ports::QueueChange change_of(topology::Topology const& topology, topology::Queue const& queue);

/// Says when all of it is durable.
/// Errors:   what a topology that is not sound is refused for; full, unavailable, broken.
/// Retry:    safe; what stands as it is declared leaves no fact.
Result<ports::QueueMark, ports::QueueFault> declare_queues(ports::QueueAdmin& admin,
                                                           topology::Topology const& topology);

} // namespace kontor::hosting
