#include "programs/kontor/serve_projections.hpp"

#include "programs/kontor/serve_files.hpp"

#include <fstream>

namespace kontor::programs {

Result<std::unique_ptr<NodeProjections>> NodeProjections::open(Node& node,
                                                               std::string const& directory) {
    std::unique_ptr<NodeProjections> made(new NodeProjections(node, directory + "/keys/paused"));
    std::ifstream file(made->file_);
    for (std::string name; std::getline(file, name);)
        if (auto* const projector = made->find(name)) {
            projector->pause();
            made->paused_.insert(name);
        }
    return made;
}

std::vector<projections::ProjectorStatus> NodeProjections::all() const {
    std::vector<projections::ProjectorStatus> statuses;
    for (std::size_t n = 0; n < node_.projectors(); ++n)
        statuses.push_back(node_.projector(n).status());
    return statuses;
}

projections::Projector* NodeProjections::find(std::string_view name) {
    for (std::size_t n = 0; n < node_.projectors(); ++n)
        if (node_.projector(n).model() == name)
            return &node_.projector(n);
    return nullptr;
}

Result<void> NodeProjections::keep(std::set<std::string, std::less<>> paused) {
    std::string text;
    for (auto const& name : paused)
        text += name + "\n";
    KONTOR_TRY(write_private_file(file_, text));
    paused_ = std::move(paused);
    return {};
}

Result<void> NodeProjections::pause(std::string_view name) {
    auto paused = paused_;
    paused.emplace(name);
    KONTOR_TRY(keep(std::move(paused)));
    find(name)->pause();
    return {};
}

Result<void> NodeProjections::resume(std::string_view name) {
    auto paused = paused_;
    paused.erase(std::string(name));
    KONTOR_TRY(keep(std::move(paused)));
    find(name)->resume();
    return {};
}

} // namespace kontor::programs
