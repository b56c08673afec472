#include "adapters/embedded/sqlite/read_models.hpp"

#include "adapters/embedded/sqlite/boot_mark.hpp"
#include "adapters/embedded/sqlite/model.hpp"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>

#include <unistd.h>

namespace kontor::sqlite {
namespace {

constexpr std::string_view live_ending = ".sqlite";
constexpr std::string_view building_ending = ".building";

constexpr std::string_view not_closed =
    "the machine stopped while this read model was written, so its rows are folded again";

/// "orders-7.sqlite", "orders-7.sqlite-wal", "orders-8.building" → 7, 7, 8 for the model "orders".
std::optional<std::uint64_t> generation_of(std::string_view file, std::string_view model) {
    if (!file.starts_with(model) || !file.substr(model.size()).starts_with('-'))
        return std::nullopt;
    auto const rest = file.substr(model.size() + 1);
    std::uint64_t generation = 0;
    auto const [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), generation);
    if (error != std::errc{} || end == rest.data() + rest.size() || *end != '.')
        return std::nullopt;
    return generation;
}

std::vector<std::string> files_in(std::string const& directory) {
    std::vector<std::string> names;
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator(directory, error))
        names.push_back(entry.path().filename().string());
    return names;
}

} // namespace

Result<std::unique_ptr<ReadModels>> ReadModels::open(std::string directory, std::string boot) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
        return unexpected(
            Failure{FailureKind::broken,
                    "cannot make the directory of the read models: " + error.message(), directory});
    std::unique_ptr<ReadModels> models(new ReadModels(std::move(directory)));
    if (has_stale_mark(models->directory_, boot))
        KONTOR_TRY(models->discard_all());
    KONTOR_TRY(set_mark(models->directory_, boot));
    models->is_marked_ = true;
    return models;
}

std::unique_ptr<ReadModels> ReadModels::look(std::string directory, std::string_view boot) {
    std::unique_ptr<ReadModels> models(new ReadModels(std::move(directory)));
    models->is_doubtful_ = has_stale_mark(models->directory_, boot);
    return models;
}

ReadModels::~ReadModels() {
    // A mark that stays costs a fold, no rows.
    if (is_marked_)
        static_cast<void>(clear_mark(directory_));
}

Result<void> ReadModels::discard_all() {
    for (auto const& file : files_in(directory_)) {
        auto const name = file.substr(0, file.rfind('-', file.find('.')));
        if (!generation_of(file, name))
            continue;
        if (file.ends_with(live_ending))
            lost_.push_back(name);
        KONTOR_TRY(remove(file));
    }
    return sync_path(directory_);
}

Result<void> ReadModels::remove(std::string const& file) const {
    auto const victim = directory_ + "/" + file;
    if (::unlink(victim.c_str()) != 0 && errno != ENOENT)
        return unexpected(refused("cannot remove an old read model", victim));
    return {};
}

std::string ReadModels::path(std::string_view model, std::uint64_t generation,
                             std::string_view ending) const {
    return directory_ + "/" + std::string(model) + "-" + std::to_string(generation) +
           std::string(ending);
}

std::uint64_t ReadModels::newest_generation(std::string_view model) const {
    std::uint64_t newest = 0;
    for (auto const& file : files_in(directory_))
        if (auto const generation = generation_of(file, model))
            if (file.ends_with(live_ending))
                newest = std::max(newest, *generation);
    return newest;
}

std::string ReadModels::live_file(std::string_view model) const {
    auto const generation = newest_generation(model);
    return generation == 0 ? "" : path(model, generation, live_ending);
}

Result<void> ReadModels::remove_others(std::string_view model, std::uint64_t keep) const {
    for (auto const& file : files_in(directory_)) {
        auto const generation = generation_of(file, model);
        bool const stays =
            generation && *generation == keep && file.find(building_ending) == std::string::npos;
        if (!generation || stays)
            continue;
        KONTOR_TRY(remove(file));
    }
    return {};
}

/// Why the rows that were there are gone, said once.
std::string ReadModels::why_lost(std::string_view model) {
    std::lock_guard const lock(mutex_);
    bool const was_lost = std::erase(lost_, model) > 0;
    return was_lost ? std::string(not_closed) : "";
}

Result<ports::OpenedModel> ReadModels::open(ports::ModelShape const& shape) {
    auto const newest = newest_generation(shape.name);
    KONTOR_TRY(remove_others(shape.name, newest));
    auto generation = std::max<std::uint64_t>(newest, 1);
    auto model = Model::open(path(shape.name, generation, live_ending), OpenAs::live, shape);
    if (model)
        return ports::OpenedModel{std::move(*model), why_lost(shape.name)};
    auto const failure = model.error();
    if (failure.kind != FailureKind::unsupported && failure.kind != FailureKind::corrupt)
        return unexpected(failure);
    ++generation;
    KONTOR_TRY(auto fresh,
               Model::open(path(shape.name, generation, live_ending), OpenAs::live, shape));
    KONTOR_TRY(remove_others(shape.name, generation));
    return ports::OpenedModel{std::move(fresh), to_string(failure)};
}

Result<std::unique_ptr<ports::ReadModel>>
ReadModels::begin_rebuild(ports::ModelShape const& shape) {
    auto const generation = newest_generation(shape.name) + 1;
    auto const building = path(shape.name, generation, building_ending);
    for (auto const* const rest : {"", "-journal", "-wal", "-shm"})
        ::unlink((building + rest).c_str());
    KONTOR_TRY(auto model, Model::open(building, OpenAs::building, shape));
    return std::unique_ptr<ports::ReadModel>(std::move(model));
}

Result<std::unique_ptr<ports::ReadModel>>
ReadModels::replace(ports::ModelShape const& shape, std::unique_ptr<ports::ReadModel> live,
                    std::unique_ptr<ports::ReadModel> rebuilt) {
    auto& model_built = dynamic_cast<Model&>(*rebuilt);
    auto const building = model_built.path();
    auto const generation = newest_generation(shape.name) + 1;
    KONTOR_ASSERT(building == path(shape.name, generation, building_ending),
                  "{} was not begun beside generation {}", building, generation - 1);
    model_built.keep_file();
    rebuilt.reset(); // closing writes the last pages
    KONTOR_TRY(sync_path(building));
    auto const name = path(shape.name, generation, live_ending);
    if (::rename(building.c_str(), name.c_str()) != 0)
        return unexpected(refused("cannot rename a rebuilt read model", building));
    KONTOR_TRY(sync_path(directory_));
    live.reset();
    KONTOR_TRY(remove_others(shape.name, generation));
    KONTOR_TRY(auto model, Model::open(name, OpenAs::live, shape));
    return std::unique_ptr<ports::ReadModel>(std::move(model));
}

Result<void> ReadModels::discard(ports::ModelShape const& shape) {
    return remove_others(shape.name, 0);
}

Result<std::unique_ptr<ports::RowReader>> ReadModels::read(ports::ModelShape const& shape) {
    auto const file = live_file(shape.name);
    Failure const missing{FailureKind::not_found, "the read model " + std::string(shape.name) +
                                                      " was never built; run the projection first"};
    if (file.empty())
        return unexpected(missing);
    if (is_doubtful_)
        return unexpected(Failure{FailureKind::not_found, std::string(not_closed), file});
    auto model = Model::open(file, OpenAs::reader, shape);
    if (!model && model.error().kind == FailureKind::unsupported)
        return unexpected(missing);
    if (!model)
        return unexpected(model.error());
    return std::unique_ptr<ports::RowReader>(std::move(*model));
}

} // namespace kontor::sqlite
