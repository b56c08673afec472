#pragma once

/// Projector: the agent that keeps one read model in step with the log. It opens the model, checks
/// its rows, follows, and when it is told to, verifies it or builds it anew beside the live one.
///
///   opening → checking → following ↔ paused
///
/// A model that is not ours to use is discarded and folded again, while everything else goes on
/// selling: its position lies beyond the log, it followed a log of another lineage, its version is
/// another one, its file is damaged, or its rows do not add up to its digest.
///
/// Thread: do_work on one at a time; requests and status from any.
/// Source: RELIABILITY section 6, "SQLite read models"; ARCHITECTURE D3.

#include "platform/projections/fold.hpp"
#include "platform/projections/rows_digest.hpp"

#include "base/agent.hpp"
#include "base/clock.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace kontor::projections {

enum class ProjectorState : std::uint8_t { opening, checking, following, paused };
BOOST_DESCRIBE_ENUM(ProjectorState, opening, checking, following, paused)

enum class Job : std::uint8_t { verify, rebuild };
BOOST_DESCRIBE_ENUM(Job, verify, rebuild)

/// What a verification or a rebuild found at one position.
struct Comparison {
    Job job;
    ports::Position at;
    ports::RowDigest claimed;               ///< the live model's checkpoint
    std::optional<ports::RowDigest> stored; ///< its rows as they can be read; of a verification
    ports::RowDigest fresh;                 ///< a fold from the first event on
    /// When a rebuild began the live rows were not what their checkpoint said, or not to be read.
    bool rows_differed{false};
    /// Live rows, checkpoint and fresh fold say the same.
    bool agrees() const {
        return claimed == fresh && (!stored || *stored == fresh) && !rows_differed;
    }
};

struct JobProgress {
    Job job;
    ports::Position position;
    ports::Position until;
    std::uint64_t number{0};           ///< among the jobs of this projector, from 1
    bool is_paused{false};             ///< by somebody
    bool is_first{false};              ///< it makes rows for the first time: nobody asked for it
    std::optional<Instant> began_at{}; ///< none: the projector has no clock
    std::string asked_by{};            ///< empty: nobody whom it knows

    /// What others look at meanwhile is there: the rows of before.
    bool may_pause() const { return job == Job::rebuild && !is_first; }
    bool may_be_cancelled() const { return !is_first; }
};

enum class JobEnd : std::uint8_t { completed, cancelled, failed };
BOOST_DESCRIBE_ENUM(JobEnd, completed, cancelled, failed)

struct EndedJob {
    JobProgress last; ///< as far as it came
    JobEnd end;
    std::optional<Instant> ended_at{};
    std::string why{}; ///< it failed
};

/// What somebody wants of a job that runs.
enum class JobWish : std::uint8_t { pause, resume, cancel };

struct ProjectorStatus {
    std::string name{};
    std::uint32_t version{0};
    ProjectorState state{ProjectorState::opening};
    std::string pause_reason{};   ///< empty: it was asked to, or is not paused
    std::string discard_reason{}; ///< why rows were last thrown away; empty: they never were
    ports::Checkpoint checkpoint{};
    ports::Position log_end{};
    std::optional<JobProgress> job{};
    std::optional<EndedJob> last_job{}; ///< the one that ended last
    std::optional<Comparison> last_comparison{};
    std::uint64_t disagreements{0};       ///< comparisons that did not agree
    std::optional<Failure> job_failure{}; ///< why the last job came to nothing

    /// How many events the rows are behind.
    std::uint64_t lag() const {
        return log_end > checkpoint.position ? log_end.value() - checkpoint.position.value() : 0;
    }
};

enum class CheckOnStart : std::uint8_t {
    rows,   ///< all rows are read and must add up to the digest
    nothing ///< the checkpoint is believed
};

struct ProjectorOptions {
    CheckOnStart check{CheckOnStart::rows};
    Id128 lineage{}; ///< of the log; nil while logs have none
    /// Rows are written so much apart at least, however fast events come: a row that changes often
    /// is then written seldom. Rows that have waited longer are written at once. Needs the clock.
    Duration writes_apart{};
    Clock* clock{nullptr}; ///< says when jobs begin and end, too
};

class Projector final : public Agent {
public:
    /// Log and models outlive it.
    Projector(ports::EventStore& log, ports::ReadModels& models, MakeProjection make,
              ProjectorOptions options = {});

    std::string_view name() const override { return name_; }

    /// Errors: corrupt, unsupported (the log cannot be read: the node stops), broken (so does it
    /// when the disk refuses).
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// Writes what was folded and has not been written yet, before a node stops.
    /// Errors: those of the store of the rows.
    Result<void> settle();

    // For whoever decides whether it may fold on: on the thread of do_work.

    /// Where in the log the next fold begins.
    ports::Position folds_from() const { return live_ ? live_->position() : ports::Position(); }
    /// Stands still until somebody resumes it.
    void halt(std::string reason) {
        pause_because(std::move(reason));
        publish();
    }

    // Requests, done by the next do_work.   Thread: any.

    /// The rows stay as they are, and answers are stale.
    void pause();
    void resume();
    /// Nothing happens while another job runs.
    void start(Job job, std::string asked_by = {});
    /// Shown by `status` at once. Nothing happens when the job with this number runs no longer, or
    /// may not be paused or cancelled; what was cancelled leaves nothing behind.
    void tell_job(std::uint64_t number, JobWish wish);

    /// Thread: any.
    ProjectorStatus status() const;
    /// What of it alone is asked for with each request.   Thread: any.
    bool is_following() const;
    /// The name of the model.   Thread: any.
    std::string_view model() const { return shape_.name; }

private:
    struct Wished {
        std::uint64_t number; ///< of the job
        JobWish wish;
    };
    struct Requests {
        std::optional<bool> is_paused{};
        std::optional<Job> job{};
        std::string asked_by{};
        std::optional<Wished> of_job{};
    };

    struct RunningJob {
        Job job;
        std::optional<RowsDigest> scan{}; ///< of the live rows, from its beginning on
        ports::RowDigest claimed{};       ///< by the live checkpoint when they were read
        bool rows_differed{false};        ///< a rebuild read them, as far as they can be read
        std::unique_ptr<Fold> beside{};
        ports::Position until{}; ///< fixed for a verification
        bool live_waits{false};  ///< a model built for the first time
        bool is_paused{false};
        std::uint64_t number{0};
        std::optional<Instant> began_at{};
        std::string asked_by{};
    };

    Result<void> open();
    Result<void> open_checked(ports::OpenedModel opened);
    Result<void> discard(std::string reason);
    void take_requests();
    void take_wish(Wished const& wished);
    void begin_job(RunningJob job);
    static JobProgress progress_of(RunningJob const& job);
    std::optional<Instant> time() const;
    /// The job ends, whatever became of it.
    void end_job(JobEnd end, std::string why = {});
    Result<std::size_t> check(std::size_t limit);
    Result<std::size_t> follow(std::size_t limit);
    Result<std::size_t> work_on_job(std::size_t limit);
    Result<void> begin_scan();
    Result<std::size_t> scan_rows(std::size_t limit);
    Result<std::size_t> fold_beside(std::size_t limit);
    Result<void> begin_beside();
    Result<void> finish_job();
    void abandon_job(Failure const& failure);
    /// What a failure of the live model's store means; the Failure itself if the node must stop.
    Result<WorkDone> answer(Failure failure, bool is_of_store);
    void pause_because(std::string reason);
    void publish();
    /// What it is asked to be counts at once for whoever looks; it obeys with its next piece of
    /// work.   Requires: the lock.
    void show_request();

    ports::EventStore& log_;
    ports::ReadModels& models_;
    MakeProjection make_;
    ProjectorOptions options_;
    ports::ModelShape shape_;
    std::string name_;

    std::unique_ptr<Fold> live_;
    Duration written_at_{};
    std::optional<RowsDigest> checking_;
    std::optional<RunningJob> job_;
    std::uint64_t jobs_begun_{0};
    ProjectorStatus now_;

    mutable std::mutex mutex_; ///< guards what follows
    Requests requests_;
    ProjectorStatus published_;
};

/// Runs the projector by hand until it has followed the log to its end and no job is left. `seen`
/// gets its status after each step.
/// Errors: those of do_work; unavailable (it is paused, does not come forward, or discards its rows
/// again and again).
Result<void> catch_up(Projector& projector,
                      std::function<void(ProjectorStatus const&)> const& seen = {});

} // namespace kontor::projections
