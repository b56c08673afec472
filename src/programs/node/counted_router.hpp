#pragma once

/// CountedRouter: the router of the bus, with what it counts put where others can read it.
/// Thread: the followers'.

#include "platform/messaging/router/router.hpp"
#include "platform/telemetry/metrics.hpp"

namespace kontor::programs {

/// What is counted of the bus, whether there is one or not.
struct BusCounters {
    explicit BusCounters(telemetry::Metrics& metrics);

    telemetry::Counter& events;
    telemetry::Counter& deliveries;
    telemetry::Counter& messages;
    telemetry::Counter& dead;
    telemetry::Counter& lost;
    telemetry::Counter& refused;
};

class CountedRouter final : public Agent {
public:
    /// Both outlive it.
    CountedRouter(router::Router& router, BusCounters& counters)
        : router_(router), counters_(counters) {}

    std::string_view name() const override { return router_.name(); }
    /// Errors: what the router says.
    Result<WorkDone> do_work(WorkBudget budget) override;

private:
    router::Router& router_;
    BusCounters& counters_;
};

} // namespace kontor::programs
