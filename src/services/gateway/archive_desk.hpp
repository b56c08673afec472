#pragma once

/// ArchiveDesk: archives of buses, their replays, their rules, and topics as operators see them.
/// What is asked of them may walk the log and waits for the disk, so it is done on a thread that is
/// not the edge's.
/// Thread: `take` the edge's; jobs run on the desk's, one after the other. All outlive it.

#include "ports/arn.hpp"
#include "ports/event_archive.hpp"
#include "ports/topic.hpp"

#include <functional>

namespace kontor::services::gateway {

/// Jobs that wait; at the limit a request is refused with 503.
inline constexpr std::size_t archive_jobs_max = 64;

class ArchiveDesk {
public:
    struct Doors {
        ports::EventArchives& archives;
        ports::EventReplays& replays;
        ports::EventRules& rules;
        ports::EventTargets& targets;
        ports::Topic& topic;
        ports::Topics& topics;
        ports::Subscriptions& subscriptions;
        ports::CloudPlace place; ///< of all that they name
    };
    using Job = std::function<void(Doors const&)>;

    virtual ~ArchiveDesk() = default;
    /// Does the job soon, once.   False: archive_jobs_max wait already, and it is not done.
    virtual bool take(Job job) = 0;
};

} // namespace kontor::services::gateway
