#include "programs/kontor/data_directory.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/projection_remote.hpp"

#include "adapters/embedded/sqlite/boot_mark.hpp"
#include "adapters/embedded/sqlite/read_models.hpp"
#include "services/views/upkeep.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

using services::views::KeptModel;
using services::views::ModelStatus;

/// The log and the read models beside it.
struct Shop {
    std::unique_ptr<OpenLog> log;
    std::unique_ptr<sqlite::ReadModels> models;

    /// Rows are only looked at: nothing is made where none is built.
    static Result<Shop, Trouble> look(Program& program) {
        Shop shop;
        KONTOR_TRY(shop.log, OpenLog::open(program.settings, LogUse::mend));
        shop.models =
            sqlite::ReadModels::look(shop.log->directory() + "/views", sqlite::this_boot());
        return shop;
    }

    static Result<Shop, Trouble> open(Program& program) {
        KONTOR_TRY(auto shop, look(program));
        KONTOR_TRY(shop.models,
                   sqlite::ReadModels::open(shop.log->directory() + "/views", sqlite::this_boot()));
        return shop;
    }

    Id128 lineage() const { return log->report().lineage; }
    Result<ModelStatus> status(KeptModel const& model) const {
        return services::views::model_status(*models, model, log->store().durable().position);
    }
};

Result<KeptModel const*, Trouble> model_named(std::string const& name) {
    if (auto const* const model = services::views::find_model(name))
        return model;
    std::vector<std::string> names;
    for (auto const& model : services::views::kept_models())
        names.emplace_back(model.name);
    auto const meant = nearest(name, names);
    return unexpected(Trouble(
        "unknown_projection",
        {FailureKind::not_found, fmt::format("there is no projection `{}`", name), name},
        meant ? fmt::format("Did you mean `{}`? `kontor projection list` shows them all.", *meant)
              : ""));
}

std::string text_of(ports::RowDigest const& digest) {
    return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

std::string_view state_of(ModelStatus const& status, Id128 lineage) {
    if (!status.is_built)
        return "not_built";
    if (status.checkpoint.lineage != lineage)
        return "of_another_log";
    if (status.is_beyond_the_log())
        return "beyond_the_log";
    return status.checkpoint.position == status.log_end ? "current" : "behind";
}

boost::json::object row_of(Shop const& shop, ModelStatus const& status) {
    auto const position = status.checkpoint.position.value();
    auto const end = status.log_end.value();
    return {{"name", status.name},
            {"version", status.version},
            {"state", state_of(status, shop.lineage())},
            {"position", position},
            {"lag", end > position ? end - position : 0},
            {"digest", text_of(status.checkpoint.digest)}};
}

Outcome list_projections(Program& program, std::string const&) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return list_projections_there(program, *remote);
    KONTOR_TRY(auto const shop, Shop::look(program));
    std::vector<boost::json::object> rows;
    bool all_current = true;
    for (auto const& model : services::views::kept_models()) {
        KONTOR_TRY(auto const status, shop.status(model));
        rows.push_back(row_of(shop, status));
        all_current = all_current && state_of(status, shop.lineage()) == "current";
    }
    program.output.rows({{"projection", "name"},
                         {"state", "state"},
                         {"position", "position", Column::Align::right},
                         {"lag", "lag", Column::Align::right},
                         {"digest", "digest"}},
                        rows);
    if (!all_current)
        program.output.say("`kontor projection rebuild` folds them up to the end of the log.");
    return ExitCode::ok;
}

Outcome show(Program& program, std::string const& name) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return show_projection_there(program, *remote, name);
    KONTOR_TRY(auto const* const model, model_named(name));
    KONTOR_TRY(auto const shop, Shop::look(program));
    KONTOR_TRY(auto const status, shop.status(*model));
    auto row = row_of(shop, status);
    row["log_end"] = status.log_end.value();
    row["file"] = shop.models->live_file(model->name);
    boost::json::array tables;
    auto const projection = model->make();
    for (auto const& table : projection->shape().tables)
        tables.emplace_back(table.name);
    row["tables"] = std::move(tables);
    program.output.object(row);
    return ExitCode::ok;
}

/// Draws how far a projector is.
services::views::UpkeepOptions watched(Shop const& shop, Progress& progress) {
    return {.lineage = shop.lineage(),
            .seen = [&progress](projections::ProjectorStatus const& status) {
                progress.reached(status.job ? status.job->position.value()
                                            : status.checkpoint.position.value());
            }};
}

/// Builds one model anew beside the live one, swaps it in, and folds it up to the end of the log.
Result<boost::json::object> rebuild_one(Program& program, Shop const& shop,
                                        KeptModel const& model) {
    Progress progress(program.clock, program.progress, fmt::format("rebuild {}", model.name),
                      "events", shop.log->store().durable().position.value());
    auto const options = watched(shop, progress);
    KONTOR_TRY(auto const before, shop.status(model));
    boost::json::value was_right;
    if (before.is_beyond_the_log()) {
        was_right = false;
    } else if (before.is_built && before.checkpoint.lineage == shop.lineage()) {
        KONTOR_TRY(auto const found,
                   services::views::run_job(shop.log->store(), *shop.models, model,
                                            projections::Job::rebuild, options));
        was_right = found.agrees();
    }
    KONTOR_TRY(services::views::follow(shop.log->store(), *shop.models, model, options));
    KONTOR_TRY(auto const after, shop.status(model));
    auto row = row_of(shop, after);
    row["was_right"] = was_right;
    return row;
}

/// All models, or the one that is named.   Errors: not_found.
Result<std::vector<KeptModel const*>, Trouble> models_named(std::string const& name) {
    std::vector<KeptModel const*> models;
    if (!name.empty()) {
        KONTOR_TRY(auto const* const only, model_named(name));
        models.push_back(only);
        return models;
    }
    for (auto const& model : services::views::kept_models())
        models.push_back(&model);
    return models;
}

Outcome rebuild(Program& program, std::string const& name) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return rebuild_projections_there(program, *remote, name);
    KONTOR_TRY(auto const models, models_named(name));
    KONTOR_TRY(auto const shop, Shop::open(program));
    std::vector<boost::json::object> rows;
    for (auto const* const model : models) {
        KONTOR_TRY(auto row, explaining(shop.log->directory(), rebuild_one(program, shop, *model)));
        rows.push_back(std::move(row));
    }
    program.output.rows({{"projection", "name"},
                         {"state", "state"},
                         {"position", "position", Column::Align::right},
                         {"digest", "digest"},
                         {"was right before", "was_right"}},
                        rows);
    return ExitCode::ok;
}

Result<projections::Comparison> verify_one(Program& program, Shop const& shop,
                                           KeptModel const& model) {
    KONTOR_TRY(auto const status, shop.status(model));
    if (status.is_built && status.checkpoint.lineage != shop.lineage())
        return unexpected(Failure{FailureKind::corrupt,
                                  fmt::format("the rows of {} followed another log", model.name),
                                  shop.models->live_file(model.name)});
    Progress progress(program.clock, program.progress, fmt::format("verify {}", model.name),
                      "events", status.checkpoint.position.value());
    return services::views::run_job(shop.log->store(), *shop.models, model,
                                    projections::Job::verify, watched(shop, progress));
}

boost::json::object row_of(KeptModel const& model, projections::Comparison const& found) {
    return {{"name", model.name},
            {"position", found.at.value()},
            {"claimed", text_of(found.claimed)},
            {"stored", text_of(found.stored.value_or(ports::RowDigest{}))},
            {"fresh", text_of(found.fresh)},
            {"good", found.agrees()}};
}

/// Rows that cannot even be compared.
boost::json::object damaged_row_of(KeptModel const& model, Failure const& damage) {
    return {{"name", model.name}, {"good", false}, {"why", damage.what}};
}

Outcome verify(Program& program, std::string const& name) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return verify_projections_there(program, *remote, name);
    KONTOR_TRY(auto const models, models_named(name));
    KONTOR_TRY(auto const shop, Shop::look(program));
    std::vector<boost::json::object> rows;
    std::string wrong;
    for (auto const* const model : models) {
        auto const found = verify_one(program, shop, *model);
        if (!found && found.error().kind == FailureKind::not_found)
            return unexpected(
                Trouble("projection_not_built",
                        {FailureKind::not_found, found.error().what, std::string(model->name)},
                        fmt::format("`kontor projection rebuild {}` builds it.", model->name)));
        if (!found && found.error().kind != FailureKind::corrupt)
            return unexpected(found.error());
        rows.push_back(found ? row_of(*model, *found) : damaged_row_of(*model, found.error()));
        if (!rows.back().at("good").as_bool() && wrong.empty())
            wrong = model->name;
    }
    program.output.rows({{"projection", "name"},
                         {"position", "position", Column::Align::right},
                         {"stored", "stored"},
                         {"fresh", "fresh"},
                         {"good", "good"},
                         {"why", "why"}},
                        rows);
    if (wrong.empty())
        return ExitCode::ok;
    return unexpected(Trouble(
        "projection_differs",
        {FailureKind::corrupt, fmt::format("the rows of {} are not what the log adds up to", wrong),
         shop.models->live_file(wrong)},
        fmt::format("`kontor projection rebuild {}` folds them anew.", wrong)));
}

} // namespace

void add_projection_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "projection", "Looks after the read models");
    auto const name = std::make_shared<std::string>();
    add_command(noun, chosen,
                {"list", "Lists the read models and how far they are", "  kontor projection list"},
                list_projections, name);
    add_command(noun, chosen,
                {"show", "Shows one read model", "  kontor projection show orders --json"}, show,
                name)
        .add_option("projection", *name, "as the list gives it")
        ->required();
    add_command(noun, chosen,
                {"rebuild", "Folds read models anew beside the live ones and swaps them in",
                 "  kontor projection rebuild\n  kontor projection rebuild orders"},
                rebuild, name)
        .add_option("projection", *name, "only this one");
    add_command(noun, chosen,
                {"verify", "Compares read models, row by row, with a fresh fold of the log",
                 "  kontor projection verify\n  kontor projection verify orders"},
                verify, name)
        .add_option("projection", *name, "only this one");
}

} // namespace kontor::programs
