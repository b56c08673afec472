#pragma once

/// ServedWebhooks: who brings the facts of a served shop to those who asked for them, on a thread
/// of its own, so that nobody waits for receivers. The key of all secrets lies in
/// `keys/webhooks.key`.
///
/// Thread: the owner's; `count` one at a time; the desk is the edge's.

#include "adapters/curl/safe_sender.hpp"
#include "platform/telemetry/metrics.hpp"
#include "runtime/runner.hpp"
#include "services/gateway/hook_desk.hpp"
#include "services/webhooks/webhook_runner.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::programs {

class ServedWebhooks {
public:
    /// What it needs. All outlive it; the client is its own.
    struct Parts {
        ports::EventStore& log;
        Clock& clock;
        services::ShopClient& client;
        std::string directory; ///< of the shop
        reach::Reach reach;
    };

    /// Finds the webhooks that stand.   Requires: the desk does not run yet.
    /// Errors: unavailable, corrupt.
    static Result<std::unique_ptr<ServedWebhooks>> open(Parts parts, telemetry::Metrics& metrics);

    services::gateway::HookDesk& desk() { return desk_; }
    /// Puts what was counted where it is read.
    void count();

    /// `on_failure` is called on its thread with what ended it.
    void start(std::function<void(Failure const&)> on_failure);
    /// What is under way is tried again by the next start.
    void stop() { runner_.reset(); }

private:
    ServedWebhooks(Parts const& parts, std::unique_ptr<curl::SafeSender> sender, std::string key);
    void show_in(telemetry::Metrics& metrics);

    std::unique_ptr<curl::SafeSender> sender_;
    webhooks::SecretMaker secrets_;
    services::hooks::Figures figures_;
    services::gateway::HookDesk desk_;
    services::hooks::WebhookRunner webhooks_;
    std::array<telemetry::Counter*, 5> tries_{}; ///< by outcome
    std::unique_ptr<Runner> runner_;
};

} // namespace kontor::programs
