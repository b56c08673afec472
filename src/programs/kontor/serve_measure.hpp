#pragma once

/// MeasuredLog: what the log takes on its disk, measured when somebody asks, on a thread of its
/// own: of a long log many files are opened for it, and the edge has no time to wait for that.
/// Thread: `figures` the edge's; made and stopped by the owner.

#include "programs/kontor/open_log.hpp"
#include "runtime/runner.hpp"
#include "services/gateway/store_desk.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace kontor::programs {

class MeasuredLog final : private Agent {
public:
    /// So long one measure is shown: whoever asks more often costs no more.
    static constexpr Duration shown_for = Duration::seconds(1);

    /// Both outlive it.
    MeasuredLog(OpenLog& log, Clock& clock) : log_(log), clock_(clock) {}
    ~MeasuredLog() override { stop(); }

    /// As services::gateway::StoreDesk::figures.
    /// Errors: corrupt, unsupported, unavailable.
    Result<std::optional<services::gateway::StoreFigures>> figures();
    void stop() { runner_.reset(); }

private:
    using Measured = Result<services::gateway::StoreFigures>;

    std::string_view name() const override { return "measure"; }
    Result<WorkDone> do_work(WorkBudget budget) override;
    bool listen(Bell* bell) override;
    Measured measure() const;

    OpenLog& log_;
    Clock& clock_;
    std::mutex mutex_;
    bool is_wanted_{false};           ///< guarded by `mutex_`
    std::optional<Measured> found_{}; ///< guarded by `mutex_`
    Duration found_at_{};             ///< guarded by `mutex_`
    Bell* bell_{nullptr};             ///< guarded by `mutex_`
    std::unique_ptr<Runner> runner_;  ///< the last member: its thread uses the others
};

} // namespace kontor::programs
