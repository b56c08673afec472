#pragma once

/// NodeProjections: the read models of a node as operators see them. Which are paused stands in a
/// file of the data directory, a name a line.   Thread: the edge's.

#include "programs/node/node.hpp"
#include "services/gateway/projection_desk.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace kontor::programs {

class NodeProjections final : public services::gateway::ProjectionDesk {
public:
    /// Pauses those again that were paused.   Errors: unavailable.
    static Result<std::unique_ptr<NodeProjections>> open(Node& node, std::string const& directory);

    std::vector<projections::ProjectorStatus> all() const override;
    projections::Projector* find(std::string_view name) override;
    Result<void> pause(std::string_view name) override;
    Result<void> resume(std::string_view name) override;

private:
    NodeProjections(Node& node, std::string file) : node_(node), file_(std::move(file)) {}
    Result<void> keep(std::set<std::string, std::less<>> paused);

    Node& node_;
    std::string file_;
    std::set<std::string, std::less<>> paused_{}; ///< by somebody
};

} // namespace kontor::programs
