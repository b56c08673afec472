#pragma once

/// What an operator does with read models by name: list, show, verify, rebuild, bring up to the
/// log. Runs on the caller's thread; while a server follows, ask its projectors instead.

#include "services/views/models.hpp"

#include "platform/projections/projector.hpp"

namespace kontor::services::views {

/// A read model as it lies in its store.
struct ModelStatus {
    std::string_view name;
    std::uint32_t version;
    bool is_built; ///< false: nothing there, or of another version
    ports::Checkpoint checkpoint{};
    ports::Position log_end{};

    /// They followed a log that was longer: an older copy of it was put back.
    bool is_beyond_the_log() const { return checkpoint.position > log_end; }
};

/// Errors: unavailable, corrupt (the checkpoint cannot be read; rebuild it).
Result<ModelStatus> model_status(ports::ReadModels& models, KeptModel const& model,
                                 ports::Position log_end);

/// How the work goes on, and of which log it is.
struct UpkeepOptions {
    Id128 lineage{}; ///< of the log; rows that followed another one are discarded
    projections::CheckOnStart check{projections::CheckOnStart::rows};
    std::function<void(projections::ProjectorStatus const&)> seen{};
};

/// Folds one read model up to the end of the log; makes it where there is none.
/// Errors: those of the log; unavailable (the model is paused: no space).
Result<void> follow(ports::EventStore& log, ports::ReadModels& models, KeptModel const& model,
                    UpkeepOptions const& options = {});

/// Folds all read models up to the end of the log.   Errors: as follow.
Result<void> follow_all(ports::EventStore& log, ports::ReadModels& models,
                        UpkeepOptions const& options = {});

/// Verifies a model as it lies there, or builds it anew to the same position and swaps it in. Its
/// rows are believed at the start, whatever `check` says, so that they can be compared.
/// Errors: not_found (nothing is built); corrupt (the rows cannot be read, or stand beyond the end
///         of the log: they are left as they are); unavailable, those of the log and the store.
Result<projections::Comparison> run_job(ports::EventStore& log, ports::ReadModels& models,
                                        KeptModel const& model, projections::Job job,
                                        UpkeepOptions const& options = {});

} // namespace kontor::services::views
