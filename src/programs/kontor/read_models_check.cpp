#include "programs/kontor/read_models_check.hpp"

#include "adapters/embedded/sqlite/read_models.hpp"

namespace kontor::programs {

std::vector<services::views::ModelStatus> models_beside(OpenLog const& log) {
    std::vector<services::views::ModelStatus> found;
    auto const models = sqlite::ReadModels::look(log.directory() + "/views");
    for (auto const& model : services::views::kept_models())
        if (auto status = services::views::model_status(*models, model, log.report().last))
            found.push_back(*std::move(status));
    return found;
}

std::optional<std::string> rows_beyond(OpenLog const& log) {
    for (auto const& status : models_beside(log))
        if (status.is_built && status.checkpoint.lineage == log.report().lineage &&
            status.is_beyond_the_log())
            return std::string(status.name);
    return std::nullopt;
}

} // namespace kontor::programs
