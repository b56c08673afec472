#include "platform/webhooks/signature.hpp"

#include "codec/json_text.hpp"

#include <algorithm>

namespace kontor::webhooks {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";

/// Signatures that are looked at; more than anybody needs for a rotation.
constexpr int signatures_max = 16;

std::string one_signature(SignedMessage const& message, WebhookSecret const& secret) {
    std::string text;
    text.append(message.id).append(".").append(message.timestamp).append(".").append(message.body);
    auto const digest = digests::hmac_sha256(secret.bytes(), text);
    std::string signature(version_prefix);
    codec::append_base64(signature, digest);
    return signature;
}

} // namespace

Result<WebhookSecret> WebhookSecret::parse(std::string_view text) {
    bool const has_prefix = text.starts_with(secret_prefix);
    auto const bytes =
        has_prefix ? codec::parse_base64(text.substr(secret_prefix.size())) : std::nullopt;
    if (!bytes || bytes->size() < bytes_min || bytes->size() > bytes_max)
        return unexpected(Failure{FailureKind::invalid,
                                  "a secret is `whsec_` and the base 64 of 24 to 64 bytes"});
    return WebhookSecret(std::string(bytes->begin(), bytes->end()));
}

WebhookSecret WebhookSecret::of(digests::Sha256 const& bytes) {
    static_assert(std::tuple_size_v<digests::Sha256> >= bytes_min &&
                  std::tuple_size_v<digests::Sha256> <= bytes_max);
    return WebhookSecret(std::string(bytes.begin(), bytes.end()));
}

std::string WebhookSecret::text() const {
    std::string text(secret_prefix);
    codec::append_base64(
        text, std::span(reinterpret_cast<std::uint8_t const*>(bytes_.data()), bytes_.size()));
    return text;
}

std::string signature_of(SignedMessage const& message, std::span<WebhookSecret const> secrets) {
    std::string signatures;
    for (auto const& secret : secrets)
        signatures += (signatures.empty() ? "" : " ") + one_signature(message, secret);
    return signatures;
}

bool is_signed(SignedMessage const& message, std::string_view signatures,
               std::span<WebhookSecret const> secrets) {
    bool is_good = false;
    for (auto const& secret : secrets) {
        auto const wanted = one_signature(message, secret);
        auto rest = signatures;
        for (int n = 0; n < signatures_max && !rest.empty(); ++n) {
            auto const each = rest.substr(0, rest.find(' '));
            rest.remove_prefix(std::min(each.size() + 1, rest.size()));
            is_good = digests::equal_in_constant_time(each, wanted) || is_good;
        }
    }
    return is_good;
}

} // namespace kontor::webhooks
