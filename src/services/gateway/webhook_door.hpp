#pragma once

/// WebhookDoor: what it takes to let a payment provider's reports in: whose they are, the secrets
/// they may be signed with, and who takes them.   Thread: the edge's.

#include "ports/provider_webhooks.hpp"
#include "services/gateway/webhook_signature.hpp"

namespace kontor::services::gateway {

struct WebhookDoor {
    std::string provider;               ///< the last part of the path: "sandbox"
    std::vector<WebhookSecret> secrets; ///< any of them: while one replaces the other, both
    ports::ProviderWebhooks& inbox;
};

} // namespace kontor::services::gateway
