#pragma once

/// Signatures of webhooks: what is sent between machines is signed with a secret that both know,
/// so that whoever receives it knows who wrote it and when.
/// Source: Standard Webhooks 1.0, symmetric signatures: HMAC-SHA256 over `id.timestamp.body`, as
///         `v1,<base 64>`, several of them separated by blanks; secrets are `whsec_<base 64>`.
/// Thread: any.

#include "base/instant.hpp"
#include "base/result.hpp"
#include "platform/digests/digests.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::webhooks {

/// How far the sender's clock and ours may be apart.
inline constexpr Duration webhook_age_max = Duration::minutes(5);

/// Bytes that sign. They are never shown.
class WebhookSecret {
public:
    static constexpr std::size_t bytes_min = 24;
    static constexpr std::size_t bytes_max = 64;

    /// Errors: invalid (it does not begin with `whsec_`, is no base 64, or too short or long).
    static Result<WebhookSecret> parse(std::string_view text);

    /// One of 32 bytes.
    static WebhookSecret of(digests::Sha256 const& bytes);

    std::string_view bytes() const { return bytes_; }
    /// `whsec_…`, for the one who shall know it.
    std::string text() const;

private:
    explicit WebhookSecret(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string bytes_;
};

/// What the headers of a webhook say, and the body as it came.
struct SignedMessage {
    std::string_view id{};
    std::string_view timestamp{}; ///< seconds since 1970, in digits
    std::string_view body{};
};

/// The value of the header webhook-signature: one signature for each secret.
std::string signature_of(SignedMessage const& message, std::span<WebhookSecret const> secrets);

/// Whether one of the signatures was made with one of the secrets. Takes as long for a wrong one as
/// for a right one.
bool is_signed(SignedMessage const& message, std::string_view signatures,
               std::span<WebhookSecret const> secrets);

} // namespace kontor::webhooks
