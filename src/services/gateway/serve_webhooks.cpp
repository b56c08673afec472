#include "services/gateway/codes.hpp"

#include "services/gateway/replies.hpp"
#include "services/gateway/webhook_door.hpp"

namespace kontor::services::gateway {
namespace {

using webhooks::SignedMessage;

constexpr std::size_t id_length_max = 255;

/// The headers that make a webhook, and its bytes as they came.
/// Errors: parameter_invalid.
Result<SignedMessage, Trouble> message_of(Request const& request) {
    SignedMessage const message{request.header("webhook-id"), request.header("webhook-timestamp"),
                                request.body};
    if (message.id.empty() || message.id.size() > id_length_max)
        return unexpected(bad_parameter("webhook-id", "1 to 255 characters are wanted"));
    if (!number_in(message.timestamp))
        return unexpected(
            bad_parameter("webhook-timestamp", "the seconds since 1970 are wanted, in digits"));
    if (request.header("webhook-signature").empty())
        return unexpected(bad_parameter("webhook-signature", "it is missing"));
    return message;
}

Trouble forged() {
    auto refused = trouble("bad_signature");
    refused.headers.emplace_back("WWW-Authenticate", "Webhook-Signature");
    return refused;
}

bool is_of_now(std::string_view timestamp, Instant now) {
    auto const seconds = static_cast<std::int64_t>(number_in(timestamp).value_or(0));
    auto const age = now.unix_microseconds() / 1'000'000 - seconds;
    constexpr auto age_max = webhooks::webhook_age_max.in_microseconds() / 1'000'000;
    return age <= age_max && age >= -age_max;
}

Trouble not_taken(Failure const& failure) {
    if (failure.kind == FailureKind::full)
        return retry(trouble("full", failure.what));
    auto found = trouble("malformed", failure.what);
    found.errors.push_back({failure.where, failure.what});
    return found;
}

} // namespace

namespace code {

/// Who forged it learns nothing else about it; what is old was signed once and may be a recording.
Served take_payment_webhook(Parts& parts, Asked& asked) {
    auto* const door = parts.webhooks;
    if (door == nullptr || door->provider != asked.path[0])
        return unexpected(trouble("not_found", "no provider of this name reports here"));
    KONTOR_TRY(auto const message, message_of(*asked.request));
    if (!is_signed(message, asked.request->header("webhook-signature"), door->secrets))
        return unexpected(forged());
    if (!is_of_now(message.timestamp, asked.now))
        return unexpected(trouble("webhook_too_old"));
    if (auto const taken = door->inbox.take(message.id, message.body); !taken)
        return unexpected(not_taken(taken.error()));
    return Answer(Later{[&inbox = door->inbox, id = std::string(message.id)] {
        return inbox.is_durable(id) ? std::optional(Result<Reply, Trouble>(Reply{})) : std::nullopt;
    }});
}

} // namespace code
} // namespace kontor::services::gateway
