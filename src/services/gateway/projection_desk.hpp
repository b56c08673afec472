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
    /// It stays so over a restart; when it cannot be kept, nothing is done.
    /// Errors: unavailable.   Requires: there is one of this name.
    virtual Result<void> pause(std::string_view name) = 0;
    virtual Result<void> resume(std::string_view name) = 0;
};

} // namespace kontor::services::gateway
