#include "programs/kontor/read_models_check.hpp"

#include "adapters/embedded/sqlite/boot_mark.hpp"
#include "adapters/embedded/sqlite/read_models.hpp"

#include <fmt/core.h>

namespace kontor::programs {
namespace {

std::vector<services::views::ModelStatus> models_in(std::string const& directory,
                                                    ports::Position last) {
    std::vector<services::views::ModelStatus> found;
    auto const models = sqlite::ReadModels::look(directory + "/views", sqlite::this_boot());
    for (auto const& model : services::views::kept_models())
        if (auto status = services::views::model_status(*models, model, last))
            found.push_back(*std::move(status));
    return found;
}

} // namespace

std::vector<services::views::ModelStatus> models_beside(OpenLog const& log) {
    return models_in(log.directory(), log.report().last);
}

std::optional<std::string> rows_beyond(OpenLog const& log) {
    return rows_beyond(log.directory(), log.report().lineage, log.report().last);
}

std::optional<std::string> rows_beyond(std::string const& directory, Id128 lineage,
                                       ports::Position last) {
    for (auto const& status : models_in(directory, last))
        if (status.is_built && status.checkpoint.lineage == lineage && status.is_beyond_the_log())
            return std::string(status.name);
    return std::nullopt;
}

Trouble log_is_cut(std::string const& directory, ports::Position last, std::string const& model) {
    return {"corrupt",
            {FailureKind::corrupt,
             fmt::format("the log ends at position {}, and the rows of {} have seen more of it: "
                         "segments at its end are missing",
                         last.value(), model),
             directory + "/journal"},
            "Restore a backup into a new directory: kontor store restore BACKUP --data DIRECTORY. "
            "If this older log is meant, `kontor projection rebuild` folds the rows anew."};
}

} // namespace kontor::programs
