#pragma once

/// SecretMaker: the secrets of webhooks, derived from one key. A fact or a list has the number of a
/// secret alone, and nothing is to be kept, sealed or backed up but the key.
/// Thread: any.   Source: RFC 5869's idea of expanding a key, with one block of HMAC-SHA256.

#include "base/instant.hpp"
#include "domain/values/ids.hpp"
#include "platform/webhooks/signature.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor::webhooks {

class SecretMaker {
public:
    /// Of at least 32 bytes that nobody knows.
    explicit SecretMaker(std::string key);

    WebhookSecret secret_of(WebhookId webhook, std::uint32_t number) const;

    /// Those that sign now: the newest first, and for a day the one before it.
    std::vector<WebhookSecret> signing(WebhookId webhook, std::uint32_t newest,
                                       std::optional<Instant> rotated_at, Instant now) const;

private:
    std::string key_;
};

} // namespace kontor::webhooks
