#pragma once

/// MessageRoom: the queues, the bus and the checkpoints of queues of one process, and the bytes of
/// the checkpoint, which outlive it.   Thread: one.

#include "tests/simulation/world/lifeline.hpp"

#include "platform/messaging/router/wiring.hpp"

#include <vector>

namespace kontor::simulation {

/// What lies on the disk. It is replaced whole, or not at all.
using QueueCheckpoint = std::vector<std::uint8_t>;

class MessageRoom {
public:
    /// What a process has, and what outlives it.
    struct Parts {
        ports::EventStore& store;
        Agent& writer;
        Id128 lineage;
        Clock& clock;
        ports::SecretSource& secrets;
        Lifeline& life;
        QueueCheckpoint& checkpoint;
    };
    explicit MessageRoom(Parts const& parts);

    /// As the program does it. Errors: as of the parts.
    Result<void> recover();
    bool has_read_checkpoint() const { return marks_.position().value() > 0; }

    hosting::JournaledQueues& queues() { return queues_; }
    router::Router& bus() { return router_; }
    hosting::QueueCheckpoints& marks() { return marks_; }
    router::Wiring& wiring() { return wiring_; }

private:
    static hosting::QueueCheckpoints::Keep keep(Parts const& parts);
    /// One turn of whoever writes; false: the process is dead, or it lasts too long.
    bool wait(std::size_t turns);

    Agent& writer_;
    Lifeline& life_;
    hosting::JournaledQueues queues_;
    hosting::QueueCheckpoints marks_;
    router::Router router_;
    router::Wiring wiring_;
};

} // namespace kontor::simulation
