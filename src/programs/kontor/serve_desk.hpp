#pragma once

/// ServedDesk: what operators are told of the process that serves them.   Thread: the edge's.

#include "programs/kontor/settings.hpp"
#include "services/gateway/node_desk.hpp"

#include <functional>

namespace kontor::programs {

class ServedDesk final : public services::gateway::NodeDesk {
public:
    using Figures = std::function<services::gateway::NodeFigures()>;

    ServedDesk(Settings const& settings, Figures figures);

    services::gateway::NodeFigures figures() const override { return figures_(); }
    std::vector<services::gateway::ShownSetting> settings() const override { return settings_; }

private:
    Figures figures_;
    std::vector<services::gateway::ShownSetting> settings_;
};

} // namespace kontor::programs
