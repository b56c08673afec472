#pragma once

/// Followers: everything that reads the log behind the desk, as one agent, so that two cores carry
/// a whole shop: who acts for orders first, then who keeps rows. It also knows how far each one is
/// behind.
/// Thread: do_work on one at a time; `lags` from any.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "ports/event_store.hpp"
#include "services/gateway/seams/node_desk.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace kontor::programs {

using services::gateway::Pace;

/// How far a follower is behind the log.
struct FollowerLag {
    std::string name;
    std::uint64_t events{0};
    Duration behind{}; ///< how long it has not been at the end; zero when it is there
    Pace pace{Pace::follows};
};

class Followers final : public Agent {
public:
    Followers(ports::EventStore& store, Clock& clock) : store_(store), clock_(clock) {}

    /// Where a follower stands; called on the thread of the followers.
    struct Standing {
        ports::Position position;
        Pace pace{Pace::follows};
    };

    /// Before the first do_work; in the sequence of their importance. The agent outlives this. One
    /// without a standing takes its work from a queue: how far that is behind its depth says.
    void add(Agent& agent, std::function<Standing()> standing = {});

    std::string_view name() const override { return "followers"; }
    /// Errors: what a follower's do_work says.
    Result<WorkDone> do_work(WorkBudget budget) override;

    std::vector<FollowerLag> lags() const;

private:
    struct Member {
        Agent& agent;
        std::function<Standing()> standing;
        Duration was_at_end{};
    };
    void look();

    ports::EventStore& store_;
    Clock& clock_;
    std::vector<Member> members_;
    Duration looked_at_{};
    mutable std::mutex mutex_;
    std::vector<FollowerLag> lags_; ///< guarded by `mutex_`
};

} // namespace kontor::programs
