#pragma once

/// WebhookDoor: what it takes to let a payment provider's reports in: whose they are, the secrets
/// they may be signed with, and who takes them.   Thread: the edge's.

#include "platform/webhooks/signature.hpp"
#include "ports/provider_webhooks.hpp"

namespace kontor::services::gateway {

struct WebhookDoor {
    std::string provider; ///< the last part of the path: "sandbox"
    /// Any of them: while one replaces the other, both.
    std::vector<webhooks::WebhookSecret> secrets;
    ports::ProviderWebhooks& inbox;
};

} // namespace kontor::services::gateway
