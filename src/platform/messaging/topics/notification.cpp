#include "platform/messaging/topics/notification.hpp"

#include "base/assert.hpp"
#include "codec/json_text.hpp"
#include "platform/routing/json_tree.hpp"

namespace kontor::topics {
namespace {

/// With milliseconds, as SNS writes it.
std::string shown(Instant at) {
    auto const whole = at.unix_microseconds() - at.unix_microseconds() % 1'000'000;
    auto text = to_string(Instant::from_unix_microseconds(whole));
    auto const milliseconds = std::to_string(1'000 + at.unix_milliseconds() % 1'000);
    return text.substr(0, text.size() - 1) + "." + milliseconds.substr(1) + "Z";
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    routing::append_json_characters(out, text);
    return out + "\"";
}

std::string base64(std::string_view bytes) {
    std::string out;
    codec::append_base64(out, {reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()});
    return out;
}

/// The members of an envelope, in the sequence that they are written in.
class Envelope {
public:
    void add(std::string_view name, std::string const& text) { add_json(name, quoted(text)); }
    void add_json(std::string_view name, std::string const& json) {
        out_ += (out_.empty() ? "{" : ",") + quoted(name) + ":" + json;
    }
    std::string text() && { return std::move(out_) + "}"; }

private:
    std::string out_;
};

std::string attributes_of(ports::MessageAttributes const& attributes) {
    std::string out;
    for (auto const& each : attributes) {
        auto const value = each.type.starts_with("Binary") ? base64(each.value) : each.value;
        out += (out.empty() ? "{" : ",") + quoted(each.name) + R"(:{"Type":)" + quoted(each.type) +
               R"(,"Value":)" + quoted(value) + "}";
    }
    return out + "}";
}

std::string link_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        bool const is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        auto const byte = static_cast<unsigned char>(c);
        if (is_plain)
            out += c;
        else
            out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

std::string unsubscribe_link(Notification const& notification, std::string_view base) {
    return std::string(base) +
           "/?Action=Unsubscribe&SubscriptionArn=" + link_encoded(notification.subscription_arn);
}

} // namespace

std::string_view name(NotificationKind kind) {
    switch (kind) {
    case NotificationKind::notification: return "Notification";
    case NotificationKind::subscription_confirmation: return "SubscriptionConfirmation";
    case NotificationKind::unsubscribe_confirmation: return "UnsubscribeConfirmation";
    }
    KONTOR_UNREACHABLE();
}

std::string subscribe_link(Notification const& notification, std::string_view base) {
    return std::string(base) +
           "/?Action=ConfirmSubscription&TopicArn=" + link_encoded(notification.topic_arn) +
           "&Token=" + link_encoded(notification.token);
}

std::string text_to_sign(Notification const& notification, Links const& links) {
    std::string text;
    auto const add = [&](std::string_view name, std::string_view value) {
        text.append(name).append("\n").append(value).append("\n");
    };
    add("Message", notification.message);
    add("MessageId", notification.message_id);
    bool const is_confirmation = notification.kind != NotificationKind::notification;
    if (is_confirmation)
        add("SubscribeURL", subscribe_link(notification, links.base));
    else if (!notification.subject.empty())
        add("Subject", notification.subject);
    add("Timestamp", shown(notification.at));
    if (is_confirmation)
        add("Token", notification.token);
    add("TopicArn", notification.topic_arn);
    add("Type", name(notification.kind));
    return text;
}

std::string body_of(Notification const& notification, Links const& links,
                    std::string_view signature) {
    bool const is_confirmation = notification.kind != NotificationKind::notification;
    if (notification.is_raw && !is_confirmation)
        return notification.message;
    Envelope envelope;
    envelope.add("Type", std::string(name(notification.kind)));
    envelope.add("MessageId", notification.message_id);
    if (is_confirmation)
        envelope.add("Token", notification.token);
    if (!notification.sequence_number.empty())
        envelope.add("SequenceNumber", notification.sequence_number);
    envelope.add("TopicArn", notification.topic_arn);
    if (!notification.subject.empty())
        envelope.add("Subject", notification.subject);
    envelope.add("Message", notification.message);
    if (is_confirmation)
        envelope.add("SubscribeURL", subscribe_link(notification, links.base));
    envelope.add("Timestamp", shown(notification.at));
    envelope.add("SignatureVersion", std::to_string(notification.signature_version));
    envelope.add("Signature", std::string(signature));
    envelope.add("SigningCertURL", links.certificate);
    if (!is_confirmation)
        envelope.add("UnsubscribeURL", unsubscribe_link(notification, links.base));
    if (!notification.attributes.empty())
        envelope.add_json("MessageAttributes", attributes_of(notification.attributes));
    return std::move(envelope).text();
}

} // namespace kontor::topics
