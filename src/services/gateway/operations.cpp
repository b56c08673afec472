#include "services/gateway/operations.hpp"

#include "services/gateway/digests.hpp"
#include "services/gateway/projection_desk.hpp"
#include "services/gateway/queue_calls.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/store_desk.hpp"

#include "base/names.hpp"
#include "platform/proofs/tree.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// The same operation, the same id: of its beginning, and of what tells it from others that began
/// then.
OperationId id_of(OperationKind kind, std::string_view owner, std::optional<Instant> began) {
    auto const moment = began ? std::to_string(began->unix_microseconds()) : std::string();
    std::string_view const told_by[] = {enumerator_name(kind), owner, moment};
    auto const digest = sha256(std::span(told_by));
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (std::size_t i = 0; i < sizeof low; ++i) {
        high = high << 8 | digest[i];
        low = low << 8 | digest[sizeof low + i];
    }
    constexpr std::uint64_t below_the_time = 0xffff;
    auto const time = time_id(began.value_or(Instant()));
    return OperationId(Id128(time.high() | (high & below_the_time), low));
}

/// Which actions are possible now follows from what its kind knows.
Operation finished(Operation operation) {
    auto& actions = operation.answer.actions;
    if (operation.has_ended())
        return operation;
    if (operation.may_pause)
        actions.push_back(operation.answer.state == OperationState::paused
                              ? OperationAction::resume
                              : OperationAction::pause);
    if (operation.may_be_cancelled)
        actions.push_back(OperationAction::cancel);
    return operation;
}

Operation task_begun(OperationKind kind, std::string_view owner, std::string about,
                     std::optional<Instant> began) {
    Operation operation{};
    operation.answer.id = id_of(kind, owner, began);
    operation.answer.kind = kind;
    operation.answer.about = std::move(about);
    operation.answer.started_at = began;
    return operation;
}

void set_progress(OperationAnswer& answer, std::uint64_t done, std::uint64_t total,
                  std::string_view what) {
    answer.done = done;
    answer.total = total;
    answer.counted = std::string(what);
}

OperationState state_of(BackupState state) {
    switch (state) {
    case BackupState::none:
    case BackupState::copying:
    case BackupState::verifying: return OperationState::running;
    case BackupState::done: return OperationState::completed;
    case BackupState::failed: return OperationState::failed;
    case BackupState::stopped: return OperationState::cancelled;
    }
    KONTOR_UNREACHABLE();
}

OperationState state_of(projections::JobEnd end) {
    switch (end) {
    case projections::JobEnd::completed: return OperationState::completed;
    case projections::JobEnd::cancelled: return OperationState::cancelled;
    case projections::JobEnd::failed: return OperationState::failed;
    }
    KONTOR_UNREACHABLE();
}

OperationState state_of(ports::MoveTaskStatus status) {
    switch (status) {
    case ports::MoveTaskStatus::running:
    case ports::MoveTaskStatus::cancelling: return OperationState::running;
    case ports::MoveTaskStatus::completed: return OperationState::completed;
    case ports::MoveTaskStatus::cancelled: return OperationState::cancelled;
    case ports::MoveTaskStatus::failed: return OperationState::failed;
    }
    KONTOR_UNREACHABLE();
}

OperationState state_of(ports::ReplayState state) {
    switch (state) {
    case ports::ReplayState::starting:
    case ports::ReplayState::running:
    case ports::ReplayState::cancelling: return OperationState::running;
    case ports::ReplayState::completed: return OperationState::completed;
    case ports::ReplayState::cancelled: return OperationState::cancelled;
    case ports::ReplayState::failed: return OperationState::failed;
    }
    KONTOR_UNREACHABLE();
}

/// Of a job that runs, or as far as one came that has ended.
Operation task_begun(std::string const& model, projections::JobProgress const& job) {
    auto const kind = job.job == projections::Job::rebuild ? OperationKind::projection_rebuild
                                                           : OperationKind::projection_verify;
    auto operation =
        task_begun(kind, model + " " + std::to_string(job.number), model, job.began_at);
    operation.job = job.number;
    operation.may_pause = job.may_pause();
    operation.may_be_cancelled = job.may_be_cancelled();
    auto& answer = operation.answer;
    answer.state = job.is_paused ? OperationState::paused : OperationState::running;
    set_progress(answer, job.position.value(), job.until.value(), "facts");
    answer.asked_by = if_said(job.asked_by);
    answer.address = "/v1/ops/projections/" + model;
    return operation;
}

Operation ended_job(std::string const& model, projections::EndedJob const& job) {
    auto operation = task_begun(model, job.last);
    operation.answer.state = state_of(job.end);
    operation.answer.ended_at = job.ended_at;
    operation.answer.why = if_said(job.why);
    return finished(std::move(operation));
}

void add_jobs(std::vector<Operation>& found, Parts const& parts) {
    if (parts.projections == nullptr)
        return;
    for (auto const& status : parts.projections->all()) {
        if (status.job)
            found.push_back(finished(task_begun(status.name, *status.job)));
        if (status.last_job)
            found.push_back(ended_job(status.name, *status.last_job));
    }
}

/// A log that is not as it was is what the comparison was for: it has not failed.
void add_audit_check(std::vector<Operation>& found, Parts const& parts) {
    auto const report = parts.proofs == nullptr ? std::nullopt : parts.proofs->last_check();
    if (!report || !report->began_at) // nobody asked for it
        return;
    auto operation = task_begun(OperationKind::audit_check, "log", "the log", report->began_at);
    auto& answer = operation.answer;
    answer.state = report->is_done ? OperationState::completed : OperationState::running;
    answer.ended_at = report->ended_at;
    set_progress(answer, report->leaves, report->leaves_all, "commands");
    answer.asked_by = if_said(report->asked_by);
    answer.address = "/v1/ops/audit/verify";
    found.push_back(finished(std::move(operation)));
}

} // namespace

Operation listed_task(ports::ReplayDescription const& replay) {
    auto operation = task_begun(OperationKind::replay, replay.name, replay.name, replay.started);
    auto& answer = operation.answer;
    answer.state = state_of(replay.state);
    answer.ended_at = replay.ended;
    answer.why = if_said(replay.reason);
    answer.address = "/v1/ops/replays/" + replay.name;
    operation.may_be_cancelled = replay.state != ports::ReplayState::cancelling;
    return finished(std::move(operation));
}

Operation listed_task(ports::MoveTask const& task) {
    auto const queue = std::string(task.source.view());
    auto operation =
        task_begun(OperationKind::redrive, task.id.value().to_string(), queue, task.started_at);
    auto& answer = operation.answer;
    answer.state = state_of(task.status);
    set_progress(answer, task.moved, task.to_move, "messages");
    answer.why = if_said(task.failure);
    answer.address = "/v1/ops/dlq/" + queue + "/redrives";
    operation.move = task.id;
    operation.may_be_cancelled = task.status != ports::MoveTaskStatus::cancelling;
    return finished(std::move(operation));
}

std::optional<Operation> backup_of(Parts const& parts) {
    auto const standing = parts.store == nullptr ? BackupStanding() : parts.store->backup();
    if (standing.state == BackupState::none)
        return std::nullopt;
    auto operation = task_begun(OperationKind::backup, standing.directory, standing.directory,
                                standing.began_at);
    auto& answer = operation.answer;
    answer.state = state_of(standing.state);
    answer.ended_at = standing.ended_at;
    set_progress(answer, standing.segments_done, standing.segments, "segments");
    answer.asked_by = if_said(standing.asked_by);
    answer.why = if_said(standing.why);
    answer.address = "/v1/ops/store/backup";
    operation.may_be_cancelled = true;
    return finished(std::move(operation));
}

std::optional<Operation> job_of(Parts const& parts, std::string_view model, std::uint64_t number) {
    auto const* const projector = parts.projections->find(model);
    if (projector == nullptr)
        return std::nullopt;
    auto const status = projector->status();
    if (status.job && status.job->number == number)
        return finished(task_begun(status.name, *status.job));
    if (status.last_job && status.last_job->last.number == number)
        return ended_job(status.name, *status.last_job);
    return std::nullopt;
}

Result<std::vector<Operation>, Trouble>
operations_of(Parts const& parts, std::vector<ports::ReplayDescription> const& replays) {
    std::vector<Operation> found;
    if (auto backup = backup_of(parts))
        found.push_back(*std::move(backup));
    add_jobs(found, parts);
    add_audit_check(found, parts);
    if (parts.queues != nullptr) {
        KONTOR_TRY(auto const moves, or_refused(parts.queues->moves.latest_moves(
                                         ports::Limit(operations_of_kind_max))));
        for (auto const& task : moves)
            found.push_back(listed_task(task));
    }
    for (auto const& replay : replays)
        found.push_back(listed_task(replay));
    std::ranges::sort(found, std::ranges::greater(),
                      [](Operation const& operation) { return operation.answer.id; });
    return found;
}

} // namespace kontor::services::gateway
