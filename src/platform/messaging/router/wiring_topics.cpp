#include "platform/messaging/router/wiring.hpp"

#include "codec/events.hpp"
#include "platform/messaging/bus/refusals.hpp"
#include "platform/messaging/router/repetitions.hpp"
#include "platform/messaging/router/web_queues.hpp"
#include "platform/messaging/router/wiring_facts.hpp"
#include "platform/reach/web_url.hpp"

namespace kontor::router {

using bus::refuse;
using ports::MessagingFault;

Heard<std::vector<ports::PublishOutcome>>
Wiring::publish(std::string_view topic_arn, std::span<ports::TopicMessage const> messages) {
    Lock lock(router_.lock());
    std::vector<Letter> letters;
    auto const before = topics().last_sequence(topic_arn);
    KONTOR_TRY(auto outcomes, router_.office().publish(topic_arn, messages, clock_.now(), letters));
    auto kept = keep(lock, std::move(letters)); // a repetition waits for what it repeats
    if (!kept && lock.owns_lock())              // whoever hears it publishes them again
        topics().forget_after(topic_arn, before);
    KONTOR_TRY(std::move(kept));
    return outcomes;
}

Heard<std::string> Wiring::create_topic(std::string_view name, ports::NamedTexts const& attributes,
                                        std::vector<ports::Tag> const& tags) {
    Lock lock(router_.lock());
    if (name.ends_with(".fifo") && !make_queue_of_repetitions(queues_.admin()))
        return refuse(MessagingFault::unavailable, "No queue can be made for it now.");
    auto const before = topics().made();
    KONTOR_TRY(auto arn, topics().create_topic(name, attributes, tags));
    if (topics().made() != before) {
        note_topic(arn);
        if (!tags.empty())
            note_tags(arn);
    }
    KONTOR_TRY(keep(lock));
    return arn;
}

Heard<void> Wiring::delete_topic(std::string_view topic_arn) {
    Lock lock(router_.lock());
    bool const stood = topics().topic_attributes(topic_arn).has_value();
    auto const arn = ports::Arn::parse(topic_arn);
    std::vector<Letter> letters;
    if (stood && topic_arn.ends_with(".fifo"))
        letters.push_back(letter_of_end(topic_arn));
    return keep_end(lock, stood, topics().delete_topic(topic_arn),
                    process::TopicDeleted{arn ? arn->resource : std::string()}, std::move(letters));
}

Heard<ports::Page<std::string>> Wiring::list_topics(ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return topics().list_topics(page);
}

Heard<ports::NamedTexts> Wiring::get_topic_attributes(std::string_view topic_arn) {
    Lock const lock(router_.lock());
    return topics().topic_attributes(topic_arn);
}

Heard<ports::TopicDescription> Wiring::describe_topic(std::string_view topic_arn) {
    Lock const lock(router_.lock());
    return topics().describe_topic(topic_arn);
}

Heard<void> Wiring::set_topic_attribute(std::string_view topic_arn, std::string_view attribute,
                                        std::string_view value) {
    Lock lock(router_.lock());
    KONTOR_TRY(topics().set_topic_attribute(topic_arn, attribute, value));
    note_topic(topic_arn);
    return keep(lock);
}

namespace {

/// Errors: unsupported (nobody here delivers by that protocol), invalid (it may not be called).
Heard<void> check_endpoint(ports::SubscriptionWish const& wish, reach::Reach reach) {
    if (wish.protocol == "sqs")
        return {};
    if (!topics::is_web(wish.protocol))
        return refuse(MessagingFault::unsupported,
                      "Invalid parameter: Protocol Reason: topics deliver to queues of this house "
                      "and to URLs so far, not by " +
                          wish.protocol);
    if (auto const url = reach::parse_url(wish.endpoint, reach); !url)
        return refuse(MessagingFault::invalid,
                      "Invalid parameter: Endpoint Reason: " + url.error().what);
    return {};
}

} // namespace

Heard<ports::SubscriptionDescription> Wiring::subscribe(ports::SubscriptionWish const& wish) {
    KONTOR_TRY(check_endpoint(wish, router_.reach()));
    Lock lock(router_.lock());
    auto const before = topics().made();
    std::vector<Letter> letters;
    KONTOR_TRY(auto made, router_.office().subscribe(wish, clock_.now(), letters));
    bool const is_new = topics().made() != before;
    if (is_new && topics::is_web(made.protocol))
        KONTOR_TRY(make_room_for(made.arn));
    if (is_new || !letters.empty()) // a question that was asked anew has a time of its own
        note_subscription(made.arn);
    KONTOR_TRY(keep(lock, std::move(letters)));
    return made;
}

namespace {

auto too_many_endpoints() {
    return refuse(MessagingFault::limit_exceeded,
                  "Subscription limit exceeded: as many endpoints outside as there may be");
}

} // namespace

Heard<std::optional<ports::SubscriptionDescription>>
Wiring::check_subscription(ports::SubscriptionWish const& wish) {
    KONTOR_TRY(check_endpoint(wish, router_.reach()));
    Lock const lock(router_.lock());
    KONTOR_TRY(auto standing, topics().check_subscription(wish));
    if (!standing && topics::is_web(wish.protocol) &&
        topics().web_subscriptions().size() >= web_subscriptions_max)
        return too_many_endpoints();
    return standing;
}

Heard<void> Wiring::make_room_for(std::string const& arn) {
    bool const is_one_too_many = topics().web_subscriptions().size() > web_subscriptions_max;
    if (!is_one_too_many && make_web_queue(queues_.admin(), arn))
        return {};
    auto const ended = topics().unsubscribe(arn);
    KONTOR_ASSERT(ended.has_value(), "{} was just made", arn);
    return is_one_too_many
               ? too_many_endpoints()
               : refuse(MessagingFault::unavailable, "No queue can be made for it now.");
}

Heard<ports::SubscriptionDescription> Wiring::confirm_subscription(std::string_view topic_arn,
                                                                   std::string_view token) {
    Lock lock(router_.lock());
    auto const now = clock_.now();
    KONTOR_TRY(auto confirmed, topics().confirm(topic_arn, token, now));
    if (topics().consent_of_subscription(confirmed.arn).given == now) // and not long ago
        note_subscription(confirmed.arn);
    KONTOR_TRY(keep(lock));
    return confirmed;
}

Heard<void> Wiring::unsubscribe(std::string_view subscription_arn) {
    Lock lock(router_.lock());
    bool const stood = topics().subscription_attributes(subscription_arn).has_value();
    return keep_end(lock, stood, topics().unsubscribe(subscription_arn),
                    process::SubscriptionDeleted{std::string(subscription_arn)});
}

Heard<ports::Page<ports::SubscriptionDescription>>
Wiring::list_subscriptions(std::string_view topic_arn, ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return topics().list_subscriptions(topic_arn, page);
}

Heard<ports::NamedTexts> Wiring::get_subscription_attributes(std::string_view arn) {
    Lock const lock(router_.lock());
    return topics().subscription_attributes(arn);
}

Heard<void> Wiring::change_subscription(std::string_view subscription_arn,
                                        ports::SubscriptionChange const& change) {
    Lock lock(router_.lock());
    auto const before = topics().settings_of_subscription(subscription_arn);
    KONTOR_TRY(topics().change_subscription(subscription_arn, change));
    if (topics().settings_of_subscription(subscription_arn) != before)
        note_subscription(subscription_arn);
    return keep(lock);
}

Heard<void> Wiring::check_change(std::string_view subscription_arn,
                                 ports::SubscriptionChange const& change) {
    Lock const lock(router_.lock());
    return topics().check_change(subscription_arn, change);
}

namespace {

bool is_of_topics(std::string_view arn) {
    auto const parsed = ports::Arn::parse(arn);
    return parsed && parsed->service == "sns";
}

} // namespace

Heard<void> Wiring::tag_resource(std::string_view arn, std::vector<ports::Tag> const& tags) {
    Lock lock(router_.lock());
    KONTOR_TRY(is_of_topics(arn) ? topics().tag(arn, tags) : rules().tag(arn, tags));
    note_tags(arn);
    return keep(lock);
}

Heard<void> Wiring::untag_resource(std::string_view arn, std::vector<std::string> const& keys) {
    Lock lock(router_.lock());
    KONTOR_TRY(is_of_topics(arn) ? topics().untag(arn, keys) : rules().untag(arn, keys));
    note_tags(arn);
    return keep(lock);
}

Heard<std::vector<ports::Tag>> Wiring::list_tags_for_resource(std::string_view arn) {
    Lock const lock(router_.lock());
    return tags_of(arn);
}

Heard<std::vector<ports::Tag>> Wiring::tags_of(std::string_view arn) {
    return is_of_topics(arn) ? topics().tags_of(arn) : rules().tags_of(arn);
}

} // namespace kontor::router
