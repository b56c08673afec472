#pragma once

/// Lane: operations that may wait for the disk, done on threads that are not the edge's. Those of
/// EventBridge and SNS are such; what SQS asks never waits. Several workers share the lane, so that
/// many calls wait for one sync together.
///
/// Thread: `take`, `collect` the edge's; each worker its runner's.
/// Invariant: what was taken is answered once; with one worker, in its sequence.

#include "adapters/aws_wire/dispatch.hpp"
#include "adapters/aws_wire/events.hpp"
#include "adapters/aws_wire/sns.hpp"
#include "base/agent.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace kontor::aws_wire {

/// How an answer is written, and to whom.
struct Writing {
    services::Ticket ticket{};
    Dialect dialect{};
    std::string operation{};
    std::string request_id{};
};

class Lane {
public:
    class Worker final : public Agent {
    public:
        explicit Worker(Lane& lane) : lane_(lane) {}
        std::string_view name() const override { return "aws-wire"; }
        Result<WorkDone> do_work(WorkBudget budget) override { return lane_.work(*this, budget); }
        bool listen(Bell* bell) override;

    private:
        friend class Lane;
        Lane& lane_;
        Bell* bell_{nullptr}; ///< guarded by the lane's mutex
        bool is_idle_{true};  ///< likewise
    };

    struct Job {
        Writing writing;
        Asked asked;
        Caller caller;
    };
    struct Done {
        Writing writing;
        Wired<Value> outcome;
    };

    /// `wake`: what was done may be collected.   Thread: any.
    Lane(std::optional<BusDoors> buses, std::optional<TopicDoors> topics, ports::CloudPlace place,
         std::function<void()> wake);

    /// Whether anybody is there for this service.
    bool serves(Service service) const;
    /// False: lane_max wait already.
    bool take(Job job);
    std::vector<Done> collect();

    std::deque<Worker>& workers() { return workers_; }

private:
    Result<WorkDone> work(Worker& worker, WorkBudget budget);
    Wired<Value> answer(Job const& job);

    std::optional<Events> events_;
    std::optional<Sns> sns_;
    std::function<void()> wake_;
    std::mutex mutex_;
    std::deque<Job> jobs_;   ///< guarded by `mutex_`
    std::vector<Done> done_; ///< guarded by `mutex_`
    std::deque<Worker> workers_;
};

} // namespace kontor::aws_wire
