#pragma once

/// ServedArchives: the buses and topics of a served shop, as callers change them, and a thread on
/// which operators ask for its archives and replays. AWS's clients and operators share one wiring,
/// so both hear the same no, and a replay that one of them starts is in the other's list.
///
/// Thread: the owner's; `take` the edge's; the wiring may be asked from any.

#include "platform/messaging/router/wiring.hpp"
#include "runtime/runner.hpp"
#include "services/gateway/archive_desk.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace kontor::programs {

/// A generator that nobody can guess: ids of requests are shown to strangers.
Random random_of_the_machine();

class ServedArchives final : public services::gateway::ArchiveDesk, private Agent {
public:
    /// Router, queues and clock outlive it. `wake`: a job is done.   Thread: any.
    ServedArchives(router::Router& router, hosting::JournaledQueues& queues, Clock& clock,
                   std::function<void()> wake);
    ~ServedArchives() override { stop(); }

    bool take(Job job) override;
    router::Wiring& wiring() { return wiring_; }

    /// Jobs are done from now on.
    void start(std::function<void(Failure const&)> on_failure);
    void stop() { runner_.reset(); }

private:
    std::string_view name() const override { return "archives"; }
    Result<WorkDone> do_work(WorkBudget budget) override;
    bool listen(Bell* bell) override;

    router::Wiring wiring_;
    std::function<void()> wake_;
    std::mutex mutex_;
    std::deque<Job> jobs_;           ///< guarded by `mutex_`
    Bell* bell_{nullptr};            ///< guarded by `mutex_`
    std::unique_ptr<Runner> runner_; ///< the last member: its thread uses the others
};

} // namespace kontor::programs
