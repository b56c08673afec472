#include "adapters/embedded/sqlite/read_models.hpp"

#include "adapters/embedded/sqlite/model.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

namespace kontor::sqlite {
namespace {

constexpr std::string_view live_ending = ".sqlite";
constexpr std::string_view building_ending = ".building";

Failure refused(std::string_view what, std::string const& path) {
    return {errno == ENOSPC ? FailureKind::full : FailureKind::broken,
            std::string(what) + ": " + std::strerror(errno), path};
}

Result<void> sync(std::string const& path, int flags) {
    int const file = ::open(path.c_str(), flags | O_CLOEXEC);
    if (file < 0)
        return unexpected(refused("cannot open what should be synced", path));
    bool const synced = ::fsync(file) == 0;
    auto const failure = refused("cannot sync", path);
    ::close(file);
    if (!synced)
        return unexpected(failure);
    return {};
}

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

Result<std::unique_ptr<ReadModels>> ReadModels::open(std::string directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error)
        return unexpected(
            Failure{FailureKind::broken,
                    "cannot make the directory of the read models: " + error.message(), directory});
    return look(std::move(directory));
}

std::unique_ptr<ReadModels> ReadModels::look(std::string directory) {
    return std::unique_ptr<ReadModels>(new ReadModels(std::move(directory)));
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
        auto const victim = directory_ + "/" + file;
        if (::unlink(victim.c_str()) != 0 && errno != ENOENT)
            return unexpected(refused("cannot remove an old read model", victim));
    }
    return {};
}

Result<ports::OpenedModel> ReadModels::open(ports::ModelShape const& shape) {
    auto const newest = newest_generation(shape.name);
    KONTOR_TRY(remove_others(shape.name, newest));
    auto generation = std::max<std::uint64_t>(newest, 1);
    auto model = Model::open(path(shape.name, generation, live_ending), OpenAs::live, shape);
    if (model)
        return ports::OpenedModel{std::move(*model), {}};
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
    KONTOR_TRY(sync(building, O_RDONLY));
    auto const name = path(shape.name, generation, live_ending);
    if (::rename(building.c_str(), name.c_str()) != 0)
        return unexpected(refused("cannot rename a rebuilt read model", building));
    KONTOR_TRY(sync(directory_, O_RDONLY | O_DIRECTORY));
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
    auto model = Model::open(file, OpenAs::reader, shape);
    if (!model && model.error().kind == FailureKind::unsupported)
        return unexpected(missing);
    if (!model)
        return unexpected(model.error());
    return std::unique_ptr<ports::RowReader>(std::move(*model));
}

} // namespace kontor::sqlite
