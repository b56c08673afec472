#include "platform/webhooks/secret_maker.hpp"

#include "base/assert.hpp"
#include "platform/webhooks/limits.hpp"

#include <fmt/format.h>

namespace kontor::webhooks {

SecretMaker::SecretMaker(std::string key) : key_(std::move(key)) {
    KONTOR_ASSERT(key_.size() >= std::tuple_size_v<digests::Sha256>, "a key of {} bytes",
                  key_.size());
}

WebhookSecret SecretMaker::secret_of(WebhookId webhook, std::uint32_t number) const {
    return WebhookSecret::of(digests::hmac_sha256(
        key_, fmt::format("kontor webhook secret\n{}\n{}", webhook.to_string(), number)));
}

std::vector<WebhookSecret> SecretMaker::signing(WebhookId webhook, std::uint32_t newest,
                                                std::optional<Instant> rotated_at,
                                                Instant now) const {
    std::vector<WebhookSecret> secrets{secret_of(webhook, newest)};
    if (rotated_at && newest > 1 && now < *rotated_at + old_secret_signs)
        secrets.push_back(secret_of(webhook, newest - 1));
    return secrets;
}

} // namespace kontor::webhooks
