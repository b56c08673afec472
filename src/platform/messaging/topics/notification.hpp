#pragma once

/// Notification: what a subscription's endpoint is sent: the bare message, or the envelope that
/// says from where it comes, with the text that is signed.
/// Source: MESSAGING section 5, "Envelope", "https" and "Signature".

#include "ports/message_attribute.hpp"

#include "base/instant.hpp"

#include <string>
#include <string_view>

namespace kontor::topics {

/// Who is subscribed by such a protocol stands behind a URL.
constexpr bool is_web(std::string_view protocol) {
    return protocol == "https" || protocol == "http";
}

enum class NotificationKind : std::uint8_t {
    notification,
    subscription_confirmation,
    unsubscribe_confirmation
};

/// "Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation".
std::string_view name(NotificationKind kind);

struct Notification {
    NotificationKind kind{NotificationKind::notification};
    std::string topic_arn{};
    std::string subscription_arn{};
    std::string protocol{};
    std::string endpoint{};
    std::string message_id{};
    std::string message{}; ///< for this protocol
    std::string subject{}; ///< empty: none
    ports::MessageAttributes attributes{};
    Instant at{};
    std::string token{};            ///< of a confirmation
    std::string sequence_number{};  ///< of a FIFO topic
    std::string group_id{};         ///< of a FIFO topic
    std::string deduplication_id{}; ///< of a FIFO topic
    std::uint32_t signature_version{2};
    bool is_raw{false};
};

/// Links that an envelope shows.
struct Links {
    std::string certificate{};
    std::string base{}; ///< of ConfirmSubscription and Unsubscribe
};

std::string subscribe_link(Notification const& notification, std::string_view base);

/// What is signed: names and values, a line each.
std::string text_to_sign(Notification const& notification, Links const& links);

/// What is sent. Raw, it is the message; else an object with what says where it comes from.
/// Shape:    JSON, but for raw.   Requires: of what is not raw, the signature of text_to_sign.
std::string body_of(Notification const& notification, Links const& links,
                    std::string_view signature);

} // namespace kontor::topics
