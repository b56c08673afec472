#pragma once

/// ServedBackup: a copy of the log of a running shop, made on a thread of its own behind all
/// others. Where it cannot be made, or is wanted no longer, nothing is left of it.
///
/// Thread: the edge's asks; the agent has its own.
/// Invariants: 1. One is made at a time.
///             2. What has the name `journal` is whole, was read back, and is what was copied.

#include "programs/kontor/new_journal.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/serve_measure.hpp"
#include "runtime/runner.hpp"
#include "services/gateway/store_desk.hpp"

#include <functional>
#include <optional>

namespace kontor::programs {

class ServedBackup final : public services::gateway::StoreDesk, private Agent {
public:
    /// Hears what came of each.
    using Tell = std::function<void(services::gateway::BackupStanding const&)>;

    /// The log and the clock outlive it. `tell` is called on the agent's thread.
    ServedBackup(OpenLog& log, Clock& clock, Tell tell)
        : log_(log), clock_(clock), measured_(log, clock), tell_(std::move(tell)) {}
    ~ServedBackup() override { stop(); }

    Result<std::optional<services::gateway::StoreFigures>> figures() override {
        return measured_.figures();
    }
    Result<void, services::gateway::Trouble>
    may_back_up(services::gateway::BackupWish const& wish) override;
    Result<void, services::gateway::Trouble>
    back_up(services::gateway::BackupWish const& wish) override;
    services::gateway::BackupStanding backup() const override;
    void stop_backup() override { wants_stop_ = true; }

    /// Ends what is being made, and waits for it.
    void stop();

private:
    std::string_view name() const override { return "backup"; }
    Result<WorkDone> do_work(WorkBudget budget) override;

    Result<void, Trouble> check(services::gateway::BackupWish const& wish) const;
    Result<void, Trouble> begin(services::gateway::BackupWish const& wish);
    /// A segment, or all that comes behind the last one. True: it is done.
    Result<bool, Trouble> go_on();
    Result<void, Trouble> finish();
    void end(services::gateway::BackupState state, Trouble const* why);
    bool is_running() const;

    OpenLog& log_;
    Clock& clock_;
    MeasuredLog measured_;
    Tell tell_;
    // The agent's, once it runs.
    std::optional<NewJournal> target_;
    std::optional<journal::LiveCopy> copy_;
    bool with_keys_{false};

    std::atomic<bool> wants_stop_{false};
    mutable std::mutex mutex_;
    services::gateway::BackupStanding standing_; ///< guarded by `mutex_`
    std::unique_ptr<Runner> runner_;             ///< the last member: its thread uses the others
};

} // namespace kontor::programs
