#include "services/gateway/topic_calls.hpp"

#include "services/gateway/queue_calls.hpp"

#include "platform/messaging/router/web_queues.hpp"
#include "platform/messaging/topics/redrive_policy.hpp"
#include "ports/house_queues.hpp"

namespace kontor::services::gateway {
namespace {

std::string said(ports::NamedTexts const& attributes, char const* name) {
    auto const found = attributes.find(name);
    return found == attributes.end() ? std::string() : found->second;
}

/// The name of a queue of this shop, or else as it stands.
std::string endpoint_of(ports::SubscriptionDescription const& described) {
    auto const endpoint = ports::Arn::parse(described.endpoint);
    auto const topic = ports::Arn::parse(described.topic_arn);
    bool const is_here = endpoint && topic && endpoint->place == topic->place;
    return is_here ? endpoint->resource : described.endpoint;
}

void add_what_waits(Parts const& parts, ports::SubscriptionDescription const& described,
                    SubscriptionAnswer& answer) {
    bool const is_web = is_url(described.endpoint);
    auto const queue = is_web
                           ? Result<ports::QueueName, Trouble>(router::web_queue_of(described.arn))
                           : queue_named(answer.endpoint);
    if (parts.queues == nullptr || !queue)
        return;
    auto const depth = parts.queues->queue.depth(*queue);
    if (!depth)
        return; // it is made soon, or was removed
    answer.queue = std::string(queue->view());
    answer.waiting = depth->waiting + depth->delayed + depth->in_flight;
    answer.oldest_sent_at = depth->oldest_sent_at;
    if (is_web)
        answer.attempts = depth->receives;
}

} // namespace

BusProblems const of_topics{"unknown_topic",        "subscription_exists", "subscription_refused",
                            "subscription_refused", "owned_by_topology",   "subscription_refused"};

std::string queue_arn(ports::CloudPlace const& place, std::string const& name) {
    return ports::Arn{"sqs", place, name}.to_string();
}

std::string topic_arn(ArchiveDesk::Doors const& to, std::string_view name) {
    return ports::Arn{"sns", to.place, std::string(name)}.to_string();
}

FromTheBus<StandingSubscriptions> subscriptions_of(ArchiveDesk::Doors const& to,
                                                   std::string const& topic, ports::PageWish wish) {
    auto const arn = topic_arn(to, topic);
    wish.prefix = arn + ":" + wish.prefix;
    KONTOR_TRY(auto const page, to.subscriptions.list_subscriptions(arn, wish));
    StandingSubscriptions found{{}, page.next};
    for (auto const& each : page.items)
        if (auto attributes = to.subscriptions.get_subscription_attributes(each.arn))
            found.items.push_back({each, *std::move(attributes)});
    return found;
}

FromTheBus<std::optional<StandingSubscription>>
subscription_of(ArchiveDesk::Doors const& to, std::string const& topic, std::string const& id) {
    KONTOR_TRY(auto found, subscriptions_of(to, topic, {.prefix = id, .limit = 1}));
    bool const is_it = !found.items.empty() && last_name_of(found.items[0].description.arn) == id;
    return is_it ? std::optional(std::move(found.items[0])) : std::nullopt;
}

SubscriptionAnswer answer_of(Parts const& parts, StandingSubscription const& standing) {
    auto const& [described, attributes] = standing;
    auto const filter = said(attributes, "FilterPolicy");
    SubscriptionAnswer answer{
        .id = last_name_of(described.arn),
        .topic = last_name_of(described.topic_arn),
        .version = described.version,
        .endpoint = endpoint_of(described),
        .state = described.state,
        .is_of_topology = described.is_of_topology,
        .filter = {},
        .scope = said(attributes, "FilterPolicyScope") == "MessageBody"
                     ? topics::FilterScope::body
                     : topics::FilterScope::attributes,
        .raw = said(attributes, "RawMessageDelivery") == "true",
        .dead_letters = if_said(
            last_name_of(topics::dead_letters_in(said(attributes, "RedrivePolicy")).value_or(""))),
        .matched = described.matched,
        .filtered = described.filtered,
        .queue = {},
        .waiting = {},
        .oldest_sent_at = {},
        .attempts = {}};
    if (!topics::is_for_all(filter))
        answer.filter = filter;
    add_what_waits(parts, described, answer);
    return answer;
}

ports::NamedTexts attributes_of(SubscriptionWords const& words, ports::CloudPlace const& place) {
    ports::NamedTexts attributes;
    if (words.filter)
        attributes["FilterPolicy"] = *words.filter;
    if (words.scope)
        attributes["FilterPolicyScope"] =
            *words.scope == topics::FilterScope::body ? "MessageBody" : "MessageAttributes";
    if (words.raw)
        attributes["RawMessageDelivery"] = *words.raw ? "true" : "false";
    if (words.dead_letters)
        attributes["RedrivePolicy"] =
            words.dead_letters->empty()
                ? ""
                : R"({"deadLetterTargetArn":")" + queue_arn(place, *words.dead_letters) + R"("})";
    return attributes;
}

Result<void, Trouble> check_filter(std::string const& filter, topics::FilterScope scope) {
    auto const checked = topics::check_filter_policy(filter, scope);
    if (checked)
        return {};
    auto refused = trouble("pattern_invalid", checked.error().what);
    refused.errors.push_back({"/filter", checked.error().what});
    return unexpected(std::move(refused));
}

Result<void, Trouble> check_queue(Parts const& parts, std::string const& name,
                                  std::string_view pointer, ProblemName refused) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    auto const queue = queue_named(name);
    if (queue && !ports::is_house_queue(name) && desk->admin.find(*queue))
        return {};
    auto const why = "there is no queue " + name + " that messages can be sent to";
    auto found = trouble(refused, why);
    found.errors.push_back({std::string(pointer), why});
    return unexpected(std::move(found));
}

} // namespace kontor::services::gateway
