#include "services/views/upkeep.hpp"

#include "platform/projections/limits.hpp"

#include <fmt/core.h>

namespace kontor::services::views {
namespace {

/// Turns of a projector without any work, until it is given up.
constexpr int idle_turns_max = 100;

} // namespace

Result<ModelStatus> model_status(ports::ReadModels& models, KeptModel const& model,
                                 ports::Position log_end) {
    auto const shape = model.make()->shape();
    ModelStatus status{model.name, shape.version, false, {}, log_end};
    auto reader = models.read(shape);
    if (!reader && reader.error().kind == FailureKind::not_found)
        return status;
    if (!reader)
        return unexpected(std::move(reader).error());
    KONTOR_TRY(status.checkpoint, (*reader)->checkpoint());
    status.is_built = true;
    return status;
}

Result<void> follow(ports::EventStore& log, ports::ReadModels& models, KeptModel const& model,
                    UpkeepOptions const& options) {
    projections::Projector projector(log, models, model.make,
                                     {.check = options.check, .lineage = options.lineage});
    return projections::catch_up(projector, options.seen);
}

Result<void> follow_all(ports::EventStore& log, ports::ReadModels& models,
                        UpkeepOptions const& options) {
    for (auto const& model : kept_models())
        KONTOR_TRY(follow(log, models, model, options));
    return {};
}

Result<projections::Comparison> run_job(ports::EventStore& log, ports::ReadModels& models,
                                        KeptModel const& model, projections::Job job,
                                        UpkeepOptions const& options) {
    KONTOR_TRY(auto const there, model_status(models, model, log.durable().position));
    if (!there.is_built)
        return unexpected(Failure{
            FailureKind::not_found, fmt::format("the projection {} is not built", model.name), {}});
    if (there.is_beyond_the_log())
        return unexpected(Failure{
            FailureKind::corrupt,
            fmt::format("the rows of {} stand at position {}, and the log ends at {}", model.name,
                        there.checkpoint.position.value(), there.log_end.value()),
            {}});
    projections::Projector projector(
        log, models, model.make,
        {.check = projections::CheckOnStart::nothing, .lineage = options.lineage});
    projector.pause(); // the rows stay where they are
    for (int idle = 0; idle <= idle_turns_max;) {
        KONTOR_TRY(auto const done, projector.do_work({projections::events_per_page_max}));
        auto const status = projector.status();
        if (options.seen)
            options.seen(status);
        if (status.job_failure)
            return unexpected(*status.job_failure);
        if (status.last_comparison)
            return *status.last_comparison;
        if (!status.job && status.state == projections::ProjectorState::paused)
            projector.start(job);
        bool const goes_on = done.items > 0 && status.state != projections::ProjectorState::opening;
        idle = goes_on ? 0 : idle + 1;
    }
    return unexpected(Failure{FailureKind::unavailable, "the projection does not come forward",
                              std::string(model.name)});
}

} // namespace kontor::services::views
