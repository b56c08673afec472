#pragma once

/// OutsidePayments: a payment provider outside, as a served shop needs it: who asks it, and the
/// door by which its reports come in.   Thread: made by the owner; its parts as each says.

#include "adapters/payments/http/http_provider.hpp"
#include "programs/kontor/trouble.hpp"
#include "services/gateway/seams/node_desk.hpp"
#include "services/gateway/webhook_door.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kontor::programs {

struct PaymentOptions {
    std::string url{};
    std::string secrets{}; ///< the directory of what both sides know
    resilience::DownstreamRules rules{payments::HttpProviderOptions().rules};
};

class OutsidePayments {
public:
    /// Reads the secrets, and looks whether the provider takes the key. One that cannot be reached
    /// now may be later, and is no error.
    /// Errors: not_found, invalid (the secrets, under `settings`; the provider refuses the key),
    ///         unavailable.
    static Result<std::unique_ptr<OutsidePayments>, Trouble> open(PaymentOptions const& options,
                                                                  Clock& clock);

    ports::PaymentProvider& provider() { return *provider_; }
    services::gateway::WebhookDoor& door() { return *door_; }
    payments::ProviderHealth health() const { return provider_->health(); }
    /// As facts and operators name whom the shop asks.
    static constexpr char const* downstream = "payments";
    resilience::DownstreamFigures figures() const { return provider_->figures(); }
    void force(resilience::Forced forced) { provider_->force(forced); }
    /// Hears of each change of the breaker.   Requires: before the first call.
    void tell(std::function<void(resilience::Transition const&)> told) {
        provider_->tell(std::move(told));
    }
    /// Reads the secrets again: the key opens the provider from the next call on, and the door
    /// takes what is signed with any of the secrets that are in the file now.
    /// Errors: not_found, invalid; then nothing changes.   Thread: the door's.
    Result<std::vector<services::gateway::ReloadedSecret>> reload();
    void wake_with(std::function<void()> wake) { provider_->webhooks().wake_with(std::move(wake)); }
    /// Why it could not be reached at the beginning; empty: it could.
    std::string const& silence() const { return silence_; }

private:
    OutsidePayments() = default;
    std::unique_ptr<payments::HttpProvider> provider_;
    std::optional<services::gateway::WebhookDoor> door_;
    std::string silence_;
    std::string directory_; ///< of the secrets
    std::string key_;       ///< that opens the provider now
};

} // namespace kontor::programs
