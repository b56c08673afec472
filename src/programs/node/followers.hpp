#pragma once

/// Followers: everything that reads the log behind the desk, as one agent, so that two cores carry
/// a whole shop: who acts for orders first, then who keeps rows. It also knows how far each one is
/// behind.
/// Thread: do_work on one at a time; `lags` and `backlog` from any.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "ports/event_store.hpp"
#include "services/gateway/seams/node_desk.hpp"

#include <atomic>
#include <deque>
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
    Duration behind{}; ///< since when the oldest fact is there that it has not followed, as far as
                       ///< this process has seen; zero: there is none
    Pace pace{Pace::follows};
};

/// What it means for buyers when a follower is behind.
enum class Sells : std::uint8_t {
    yes, ///< it brings orders to their end
    no
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
    void add(Agent& agent, std::function<Standing()> standing = {}, Sells sells = Sells::no);

    std::string_view name() const override { return "followers"; }
    /// Errors: what a follower's do_work says.
    Result<WorkDone> do_work(WorkBudget budget) override;

    std::vector<FollowerLag> lags() const;
    /// Events that the slowest of those who sell has not followed yet. Who is paused or halted does
    /// not count: the shop sells on meanwhile.
    std::uint64_t backlog() const { return backlog_.load(std::memory_order_relaxed); }

private:
    struct Member {
        Agent& agent;
        std::function<Standing()> standing;
        Sells sells;
    };
    /// Where the log ended at a moment.
    struct End {
        ports::Position position;
        Duration at;
    };
    void look();
    Duration age_behind(ports::Position position) const;

    ports::EventStore& store_;
    Clock& clock_;
    std::vector<Member> members_;
    Duration looked_at_{};
    std::deque<End> ends_; ///< oldest first; those that somebody has not followed
    std::atomic<std::uint64_t> backlog_{0};
    mutable std::mutex mutex_;
    std::vector<FollowerLag> lags_; ///< guarded by `mutex_`
};

} // namespace kontor::programs
