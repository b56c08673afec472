#pragma once

/// ServedQueues: the queues of a served shop. Their facts are in its log, written by the desk's
/// thread; how they stood lies in `queues/checkpoint`, made by a thread behind all others, and once
/// more when the shop closes. A shop goes on without checkpoints: its next start reads more.
///
/// Thread: the owner's; the queues may be asked from any.

#include "platform/messaging/hosting/queue_journal.hpp"
#include "programs/kontor/trouble.hpp"
#include "runtime/runner.hpp"
#include "services/gateway/queue_desk.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::programs {

class ServedQueues {
public:
    /// What the queues need. All outlive them.
    struct Parts {
        ports::EventStore& log;
        Clock& clock;
        ports::SecretSource& secrets;
        std::string directory; ///< of the shop
        Id128 lineage;         ///< of the log
    };

    /// Folds what the log has, from the checkpoint on where one fits.
    /// Errors: those of make_data_directory; unavailable, corrupt, unsupported.
    static Result<std::unique_ptr<ServedQueues>, Trouble> open(Parts parts);

    hosting::JournaledQueues& queues() { return queues_; }
    /// For operators.
    services::gateway::QueueDesk& desk() { return desk_; }
    /// A checkpoint was there and did not fit.
    bool has_refused_checkpoint() const { return checkpoints_.was_refused(); }

    /// From now on checkpoints are made. `on_failure` is called on their thread with what ended it.
    void start(std::function<void(Failure const&)> on_failure);
    /// The last one.   Requires: nobody asks the queues any more, and all is durable.
    /// Errors: as QueueCheckpoints::do_work.
    Result<void> close();

private:
    ServedQueues(Parts const& parts, hosting::QueueCheckpoints::Keep keep)
        : queues_(parts.log, parts.clock, parts.secrets),
          checkpoints_(parts.log, parts.lineage, std::move(keep)) {}

    hosting::JournaledQueues queues_;
    services::gateway::QueueDesk desk_{queues_.queue(), queues_.admin(), queues_.moves(),
                                       queues_.letters(), queues_.progress()};
    hosting::QueueCheckpoints checkpoints_;
    std::unique_ptr<Runner> runner_;
};

} // namespace kontor::programs
