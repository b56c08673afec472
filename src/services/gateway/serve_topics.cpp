#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/message_bodies.hpp"
#include "services/gateway/pattern_answers.hpp"
#include "services/gateway/topic_calls.hpp"

#include "platform/messaging/topics/limits.hpp"
#include "platform/messaging/topics/messages.hpp"
#include "platform/routing/limits.hpp"

namespace kontor::services::gateway {
namespace {

using ports::TopicDescription;

TopicAnswer answer_of(TopicDescription const& topic) {
    auto const number = [&](char const* name) {
        return number_in(topic.attributes.at(name)).value_or(0);
    };
    return {.name = last_name_of(topic.arn),
            .is_fifo = topic.arn.ends_with(".fifo"),
            .is_of_topology = topic.is_of_topology,
            .published = topic.published,
            .confirmed = number("SubscriptionsConfirmed"),
            .pending = number("SubscriptionsPending"),
            .bytes_max = topics::bounds_of(topic.arn, topic.attributes).bytes_max,
            .subscriptions = {},
            .is_cut = {}};
}

/// One topic with the first of its subscriptions.
struct ShownTopic {
    TopicDescription topic{};
    StandingSubscriptions subscriptions{};
};
FromTheBus<ShownTopic> shown_topic(ArchiveDesk::Doors const& to, std::string const& name) {
    KONTOR_TRY(auto topic, to.topics.describe_topic(topic_arn(to, name)));
    KONTOR_TRY(auto subscriptions, subscriptions_of(to, name, {.limit = shown_with_topic_max}));
    return ShownTopic{std::move(topic), std::move(subscriptions)};
}

ports::MessageAttributes attributes_in(std::optional<std::vector<SentAttribute>> const& sent) {
    ports::MessageAttributes attributes;
    if (sent)
        for (auto const& [name, value, type] : *sent)
            attributes.push_back({name.value, type ? type->value : "String", value});
    return attributes;
}

ports::TopicMessage message_of(PublishToTopic const& body) {
    ports::TopicMessage message;
    message.body = body.body;
    message.subject = body.subject ? body.subject->value : "";
    message.attributes = attributes_in(body.attributes);
    message.group_id = body.group ? body.group->value : "";
    message.deduplication_id = body.dedup ? body.dedup->value : "";
    return message;
}

/// Errors: message_refused.
Result<void, Trouble> check_message(ports::TopicMessage const& message,
                                    topics::MessageBounds const& bounds) {
    auto const fault = topics::message_fault(message, bounds);
    return fault ? Result<void, Trouble>(unexpected(trouble("message_refused", fault->what)))
                 : Result<void, Trouble>();
}

FromTheBus<ports::Published> published(ArchiveDesk::Doors const& to, std::string const& topic,
                                       ports::TopicMessage const& message) {
    KONTOR_TRY(auto outcomes, to.topic.publish(topic_arn(to, topic), std::span(&message, 1)));
    auto& one = outcomes.front();
    if (!one)
        return unexpected(ports::MessagingRefusal{one.error().is_senders_fault
                                                      ? ports::MessagingFault::invalid
                                                      : ports::MessagingFault::throttled,
                                                  one.error().what});
    return *std::move(one);
}

BusProblems const of_messages{"unknown_topic",   "message_refused",   "message_refused",
                              "message_refused", "owned_by_topology", "message_refused"};

/// What a filter is held against.
struct FilterTrial {
    std::string filter;
    routing::FlatEvent leaves;
};

/// Errors: pattern_invalid, message_refused, body_invalid (of the message: no filter of bodies ever
/// reads it).
Result<FilterTrial, Trouble> trial_of(TestFilter const& body) {
    auto const scope = body.scope.value_or(topics::FilterScope::body);
    KONTOR_TRY(check_filter(body.filter, scope));
    ports::TopicMessage message;
    message.body = body.message.empty() ? "-" : body.message;
    message.attributes = attributes_in(body.attributes);
    KONTOR_TRY(check_message(message, {topics::message_bytes_max}));
    auto leaves = routing::FlatEvent::read(scope == topics::FilterScope::body
                                               ? body.message
                                               : topics::attributes_as_json(message.attributes));
    if (!leaves)
        return unexpected(bad_field("/message", "it is no JSON object, and meets no filter: " +
                                                    leaves.error().what));
    return FilterTrial{body.filter, *std::move(leaves)};
}

PatternTestAnswer tried(FilterTrial const& trial) {
    if (topics::is_for_all(trial.filter))
        return {routing::Verdict::match, {}, false, {}};
    auto const pattern = routing::compile(trial.filter, routing::pattern_characters_ceiling);
    KONTOR_ASSERT(pattern, "a filter that was checked does not compile: {}", trial.filter);
    return tested(*pattern, trial.leaves);
}

} // namespace

namespace code {

Served list_topics(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const wish, names_asked(parts, asked));
    using Topics = ports::Page<TopicDescription>;
    auto const list = [wish](ArchiveDesk::Doors const& to) -> FromTheBus<Topics> {
        auto named = wish;
        named.prefix = topic_arn(to, wish.prefix);
        KONTOR_TRY(auto const page, to.topics.list_topics(named));
        Topics found{{}, page.next};
        for (auto const& arn : page.items)
            if (auto topic = to.topics.describe_topic(arn)) // else it was deleted a moment ago
                found.items.push_back(*std::move(topic));
        return found;
    };
    KONTOR_TRY(auto const found, found_by<Topics>(parts, asked, of_topics, list));
    if (!found)
        return Answer(NotYet{});
    return page_of_names(parts, asked, *found,
                         [](TopicDescription const& topic) { return answer_of(topic); });
}

Served show_topic(Parts& parts, Asked& asked) {
    return shown_once_found(
        found_by<ShownTopic>(
            parts, asked, of_topics,
            [name = asked.path[0]](ArchiveDesk::Doors const& to) { return shown_topic(to, name); }),
        [&parts](ShownTopic const& found) {
            auto answer = answer_of(found.topic);
            answer.subscriptions.emplace();
            for (auto const& each : found.subscriptions.items)
                answer.subscriptions->push_back(gateway::answer_of(parts, each));
            answer.is_cut = !found.subscriptions.next.empty();
            return answer;
        });
}

Served publish_to_topic(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<PublishToTopic>(asked));
    auto const name = asked.path[0];
    KONTOR_TRY(
        auto const topic,
        found_by<TopicDescription>(parts, asked, of_messages, [name](ArchiveDesk::Doors const& to) {
            return to.topics.describe_topic(topic_arn(to, name));
        }));
    if (!topic)
        return Answer(NotYet{});
    auto const message = message_of(body);
    KONTOR_TRY(check_message(message, topics::bounds_of(topic->arn, topic->attributes)));
    return after_note(
        asked,
        {{},
         {},
         carried_out<ports::Published>(
             parts.archives, asked, of_messages,
             [name, message](ArchiveDesk::Doors const& to) { return published(to, name, message); },
             [name](ports::Published const& one) {
                 return json_reply(
                     202, PublishedAnswer{name, one.message_id, if_said(one.sequence_number)});
             })});
}

Served test_filter(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<TestFilter>(asked));
    KONTOR_TRY(auto made, trial_of(body));
    auto const trial = std::make_shared<FilterTrial>(std::move(made));
    auto const test = [trial, name = asked.path[0]](
                          ArchiveDesk::Doors const& to) -> FromTheBus<PatternTestAnswer> {
        KONTOR_TRY(to.topics.describe_topic(topic_arn(to, name)));
        return tried(*trial);
    };
    return shown_once_found(found_by<PatternTestAnswer>(parts, asked, of_topics, test),
                            [](PatternTestAnswer const& answer) { return answer; });
}

} // namespace code
} // namespace kontor::services::gateway
