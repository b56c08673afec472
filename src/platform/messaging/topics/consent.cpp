#include "platform/messaging/topics/board.hpp"

#include "platform/digests/digests.hpp"
#include "platform/messaging/topics/limits.hpp"
#include "platform/messaging/topics/refusals.hpp"

namespace kontor::topics {

// Whether who stands behind an endpoint wants what is published: it is asked, with a token that
// nobody else has, and gets nothing before it was shown again.

using ports::SubscriptionDescription;
using ports::SubscriptionState;
using ports::SubscriptionWish;

namespace {

/// In hexadecimal digits.
std::string signed_by(std::string_view key, std::string_view text) {
    return digests::hex(digests::hmac_sha256(key, text));
}

} // namespace

Answer<SubscriptionDescription> Board::subscribe(SubscriptionWish const& wish, Instant now) {
    KONTOR_TRY(auto made, hand_over_subscription(wish, now));
    if (made.question)
        put_into_lane(subscriptions_.at(made.description.arn), *std::move(made.question), now);
    return std::move(made.description);
}

Answer<Subscribed> Board::hand_over_subscription(SubscriptionWish const& wish, Instant now) {
    auto arn = wish.topic_arn + ":" + new_secret_id();
    while (subscriptions_.contains(arn)) // it was made in another life, with the same dice
        arn = wish.topic_arn + ":" + new_secret_id();
    auto const consent = wish.protocol == "sqs" ? Consent{} : Consent{now, {}};
    KONTOR_TRY(auto described, subscribe_as(arn, wish, consent));
    auto& subscription = subscriptions_.at(described.arn);
    if (!subscription.consent.is_pending())
        return Subscribed{std::move(described), {}};
    if (now > *subscription.consent.asked + token_life)
        set_consent(described.arn, {now, {}});
    return Subscribed{std::move(described), question_for(subscription, now)};
}

Parcel Board::question_for(Subscription const& subscription, Instant now) {
    Accepted asked;
    asked.topic_arn = subscription.description.topic_arn;
    asked.message_id = new_id();
    asked.at = now;
    asked.message.body = fmt::format("You have chosen to subscribe to the topic {}. To confirm the "
                                     "subscription, visit the SubscribeURL included in this "
                                     "message.",
                                     asked.topic_arn);
    return {std::make_shared<Accepted const>(std::move(asked)),
            std::make_shared<std::string const>(subscription.description.arn),
            NotificationKind::subscription_confirmation};
}

/// Whoever knows the ARN of a subscription may end it, so it must not follow from other ids that
/// people have seen.
std::string Board::new_secret_id() {
    auto const digits = signed_by(token_key_, "kontor subscription id\n" + new_id());
    std::string_view const view(digits);
    return fmt::format("{}-{}-4{}-8{}-{}", view.substr(0, 8), view.substr(8, 4), view.substr(13, 3),
                       view.substr(17, 3), view.substr(20, 12));
}

/// Derived, so it is kept nowhere, and outlives a restart.
std::string Board::token_of(Subscription const& subscription) const {
    if (!subscription.consent.asked)
        return {};
    return signed_by(token_key_,
                     fmt::format("kontor subscription\n{}\n{}", subscription.description.arn,
                                 subscription.consent.asked->unix_microseconds()));
}

Answer<SubscriptionDescription> Board::confirm(std::string_view topic_arn, std::string_view token,
                                               Instant now) {
    KONTOR_TRY(auto const* const topic, find_topic(topic_arn));
    for (auto const& [number, arn] : topic->subscriptions) {
        auto& each = subscriptions_.at(arn);
        auto const right = token_of(each);
        if (right.empty() || !digests::equal_in_constant_time(right, token))
            continue;
        if (each.consent.is_pending()) {
            if (now > *each.consent.asked + token_life)
                return refuse_parameter("Token Reason: it has expired");
            set_consent(arn, {each.consent.asked, now});
        }
        return each.description;
    }
    return refuse_parameter("Token");
}

Consent Board::consent_of_subscription(std::string_view arn) const {
    auto const found = find_subscription(arn);
    return found ? (*found)->consent : Consent();
}

void Board::set_consent(std::string_view arn, Consent const& consent) {
    auto& subscription = subscriptions_.at(std::string(arn));
    if (subscription.consent == consent)
        return;
    auto& topic = topics_.at(subscription.description.topic_arn);
    subscription.consent = consent;
    subscription.description.state =
        consent.is_pending() ? SubscriptionState::pending : SubscriptionState::confirmed;
    ++subscription.description.version;
    subscription.published_before = topic.published; // what came before was not for it
    topic.audience.reset();
}

std::vector<WebSubscription> Board::web_subscriptions() const {
    std::vector<WebSubscription> found;
    for (auto const& [arn, each] : subscriptions_)
        if (is_web(each.description.protocol))
            found.push_back({arn, each.description.topic_arn, each.description.endpoint,
                             schedule_of(each), each.consent});
    return found;
}

} // namespace kontor::topics
