#pragma once

/// ProjectionDesk: the projectors as the API sees them. The composition root, which runs them,
/// implements it.   Thread: any.

#include "platform/projections/projector.hpp"

#include <string_view>
#include <vector>

namespace kontor::services::gateway {

class ProjectionDesk {
public:
    virtual ~ProjectionDesk() = default;
    virtual std::vector<projections::ProjectorStatus> all() const = 0;
    /// Null: no projection has this name.
    virtual projections::Projector* find(std::string_view name) = 0;
};

} // namespace kontor::services::gateway
