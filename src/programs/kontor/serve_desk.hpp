#pragma once

/// ServedDesk: what operators are told of the process that serves them.   Thread: the edge's.

#include "programs/kontor/settings.hpp"
#include "services/gateway/seams/node_desk.hpp"

#include <functional>

namespace kontor::programs {

class ServedDesk final : public services::gateway::NodeDesk {
public:
    /// What the desk asks whoever holds the parts of the shop.
    struct Sources {
        std::function<services::gateway::NodeFigures()> figures;
        std::function<std::uint64_t()> backlog;
        std::function<std::vector<services::gateway::DownstreamStanding>()> downstreams;
        std::function<Result<std::vector<services::gateway::ReloadedSecret>>()> reload_secrets;
        std::function<std::vector<services::gateway::BreakerStanding>()> breakers;
        std::function<Result<void>(std::string_view, resilience::Forced)> force_breaker;
    };

    ServedDesk(Settings const& settings, Sources sources);

    services::gateway::NodeFigures figures() const override { return sources_.figures(); }
    std::uint64_t backlog() const override { return sources_.backlog(); }
    std::vector<services::gateway::ShownSetting> settings() const override { return settings_; }
    std::vector<services::gateway::DownstreamStanding> downstreams() const override {
        return sources_.downstreams();
    }
    std::vector<services::gateway::BreakerStanding> breakers() const override {
        return sources_.breakers();
    }
    Result<void> force_breaker(std::string_view name, resilience::Forced forced) const override {
        return sources_.force_breaker(name, forced);
    }
    Result<std::vector<services::gateway::ReloadedSecret>> reload_secrets() const override {
        return sources_.reload_secrets();
    }

private:
    Sources sources_;
    std::vector<services::gateway::ShownSetting> settings_;
};

} // namespace kontor::programs
