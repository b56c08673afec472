#pragma once

/// Lane: operations that may wait for the disk, done one after another on a thread that is not the
/// edge's. Those of EventBridge and SNS are such; what SQS asks never waits.
///
/// Thread: `take`, `collect` the edge's; the agent its runner's.
/// Invariant: what was taken is answered once, in its sequence.

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

class Lane final : public Agent {
public:
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

    std::string_view name() const override { return "aws-wire"; }
    Result<WorkDone> do_work(WorkBudget budget) override;
    bool listen(Bell* bell) override;

private:
    Wired<Value> answer(Job const& job);

    std::optional<Events> events_;
    std::optional<Sns> sns_;
    std::function<void()> wake_;
    std::mutex mutex_;
    std::deque<Job> jobs_;   ///< guarded by `mutex_`
    std::vector<Done> done_; ///< guarded by `mutex_`
    Bell* bell_{nullptr};    ///< guarded by `mutex_`
};

} // namespace kontor::aws_wire
