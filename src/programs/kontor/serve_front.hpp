#pragma once

/// Front: what the server counted, for whoever watches it. Everything else goes on to the gateway,
/// or from the AWS port to its wire, and is counted and timed on its way.   Thread: the edge's.

#include "base/clock.hpp"
#include "platform/telemetry/metrics.hpp"
#include "services/gateway/seams/exchange.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <unordered_map>

namespace kontor::programs {

struct FrontOptions {
    std::function<std::string()> metrics_text; ///< in Prometheus' format
    std::function<void()> each_turn;           ///< on the edge's thread
    services::Exchange* wire{nullptr};         ///< of what comes in by the AWS port
};

class Front final : public services::Exchange {
public:
    /// All outlive the front.
    Front(services::Exchange& gateway, Clock& clock, telemetry::Metrics& metrics,
          FrontOptions options);
    ~Front() override;

    void start(services::Ticket ticket, services::Request const& request) override;
    void collect(std::vector<services::Answered>& answers) override;
    void abandon(services::Ticket ticket) override;

private:
    struct Counted;
    struct UnderWay {
        Duration since;
        Counted* counted;
        services::Exchange* exchange;
    };
    bool answer_here(services::Ticket ticket, services::Request const& request);
    void finish(services::Answered const& answered);
    services::Exchange& exchange_of(services::Listener listener);

    services::Exchange& gateway_;
    Clock& clock_;
    FrontOptions const options_;
    std::vector<std::unique_ptr<Counted>> counted_; ///< by listener
    std::vector<services::Answered> own_;
    std::unordered_map<std::uint64_t, UnderWay> under_way_;
};

} // namespace kontor::programs
