#include "programs/kontor/serve_projections.hpp"

namespace kontor::programs {

std::vector<projections::ProjectorStatus> NodeProjections::all() const {
    std::vector<projections::ProjectorStatus> statuses;
    for (std::size_t n = 0; n < node_.projectors(); ++n)
        statuses.push_back(node_.projector(n).status());
    return statuses;
}

projections::Projector* NodeProjections::find(std::string_view name) {
    for (std::size_t n = 0; n < node_.projectors(); ++n)
        if (node_.projector(n).status().name == name)
            return &node_.projector(n);
    return nullptr;
}

} // namespace kontor::programs
