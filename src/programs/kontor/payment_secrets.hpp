#pragma once

/// What a shop and the payment provider outside it share: a directory with two files, each for its
/// owner alone.
///
///   api.key          one line: opens the provider to the shop
///   webhook.secrets  a line for each secret: the provider signs with all of them, the shop takes
///                    any of them
///
/// Settings name the directory; no secret is ever part of a setting or a flag.

#include "platform/webhooks/signature.hpp"
#include "programs/kontor/trouble.hpp"

#include <string>
#include <vector>

namespace kontor::programs {

struct PaymentSecrets {
    std::string key{};
    std::vector<webhooks::WebhookSecret> webhooks{};
};

/// Secrets that are looked at; a rotation takes two.
inline constexpr std::size_t webhook_secrets_max = 8;

/// Errors: not_found (a file is missing or empty), invalid (a line is no secret), under `settings`.
Result<PaymentSecrets, Trouble> read_payment_secrets(std::string const& directory);

/// Makes what is not there yet.   Errors: unavailable.
Result<void> make_payment_secrets(std::string const& directory);

} // namespace kontor::programs
