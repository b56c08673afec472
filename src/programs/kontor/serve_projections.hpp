#pragma once

/// NodeProjections: the read models of a node as operators see them.   Thread: any.

#include "programs/node/node.hpp"
#include "services/gateway/projection_desk.hpp"

namespace kontor::programs {

class NodeProjections final : public services::gateway::ProjectionDesk {
public:
    explicit NodeProjections(Node& node) : node_(node) {}

    std::vector<projections::ProjectorStatus> all() const override;
    projections::Projector* find(std::string_view name) override;

private:
    Node& node_;
};

} // namespace kontor::programs
