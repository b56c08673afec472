#include "tests/contract/topic_contract.hpp"

#include "base/random.hpp"
#include "platform/messaging/topics/filter_policy.hpp"
#include "platform/routing/definition.hpp"
#include "tests/contract/sentences.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::contract {
namespace {

using ports::MessagingFault;

std::string make_topic(TopicUnderTest& it, std::string_view name = "news") {
    bool const is_fifo = name.ends_with(".fifo");
    auto const attributes =
        is_fifo ? ports::NamedTexts{{"FifoTopic", "true"}} : ports::NamedTexts{};
    auto const made = it.topics().create_topic(name, attributes, {});
    EXPECT_TRUE(made.has_value()) << made.error().what;
    return *made;
}

/// Raw, with dead letters, and what is said besides.
std::string subscribe(TopicUnderTest& it, std::string const& topic, std::string const& queue,
                      ports::NamedTexts attributes = {}) {
    attributes.emplace("RawMessageDelivery", "true");
    attributes.emplace("RedrivePolicy",
                       R"({"deadLetterTargetArn":")" + it.queue_arn("dead-letter") + "\"}");
    auto const made = it.subscriptions().subscribe({topic, "sqs", it.queue_arn(queue), attributes});
    EXPECT_TRUE(made.has_value()) << made.error().what;
    return made->arn;
}

ports::PublishOutcome publish(TopicUnderTest& it, std::string const& topic, std::string body,
                              ports::MessageAttributes attributes = {}) {
    ports::TopicMessage message;
    message.body = std::move(body);
    message.attributes = std::move(attributes);
    auto outcomes = it.topic().publish(topic, std::span(&message, 1));
    EXPECT_TRUE(outcomes.has_value()) << outcomes.error().what;
    return outcomes->front();
}

std::vector<std::string> bodies(TopicUnderTest& it, std::string_view queue) {
    std::vector<std::string> all;
    for (auto const& each : it.take(queue))
        all.push_back(each.body);
    if (!it.promises().no_duplicates) {
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
    }
    return all;
}

using Texts = std::vector<std::string>;

void a_message_reaches_each_subscription_with_its_attributes(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    subscribe(it, topic, "a");
    subscribe(it, topic, "b");
    ASSERT_TRUE(publish(it, topic, "x", {{"kind", "String", "k"}}).has_value());
    it.pass(moment);
    auto const arrived = it.take("a");
    ASSERT_EQ(arrived.size(), 1U);
    EXPECT_EQ(arrived.front().body, "x");
    EXPECT_EQ(arrived.front().attribute("kind"), "k");
    EXPECT_EQ(bodies(it, "b"), Texts{"x"});
}

void what_is_not_raw_comes_in_an_envelope(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    subscribe(it, topic, "a", {{"RawMessageDelivery", "false"}});
    auto const published = publish(it, topic, "say \"x\"");
    ASSERT_TRUE(published.has_value());
    it.pass(moment);
    auto const arrived = it.take("a");
    ASSERT_EQ(arrived.size(), 1U);
    auto const envelope = routing::FlatEvent::read(arrived.front().body);
    ASSERT_TRUE(envelope.has_value()) << arrived.front().body;
    auto const text = [&](std::string_view name) {
        return envelope->at(name).empty() ? "" : envelope->at(name).front().value->text;
    };
    EXPECT_EQ(text("Type"), "Notification");
    EXPECT_EQ(text("Message"), "say \"x\"");
    EXPECT_EQ(text("MessageId"), published->message_id);
    EXPECT_EQ(text("TopicArn"), topic);
    EXPECT_FALSE(text("Signature").empty());
}

/// What a filter in either scope lets through is what the naive matcher says, message by message.
void filters_let_through_what_the_definition_says(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    Texts const policies = {R"({"kind":["a","b"]})",
                            R"({"kind":[{"anything-but":["a"]}]})",
                            R"({"n":[{"numeric":[">",2]}],"kind":["a"]})",
                            R"({"list":["x"]})",
                            R"({"kind":[{"exists":false}]})",
                            R"({"$or":[{"n":[1]},{"list":[{"prefix":"y"}]}]})",
                            "{}"};
    for (std::size_t i = 0; i < 2 * policies.size(); ++i)
        subscribe(it, topic, "q" + std::to_string(i),
                  {{"FilterPolicy", policies[i / 2]},
                   {"FilterPolicyScope", i % 2 == 0 ? "MessageAttributes" : "MessageBody"}});
    Random dice = Random(testing::seed()).fork("filters");
    std::vector<Texts> expected(2 * policies.size());
    auto const expect = [&](std::size_t queue, std::string const& body, std::string const& asked) {
        auto const& policy = policies[queue / 2];
        auto const pattern = routing::compile(policy);
        auto const event = routing::FlatEvent::read(asked);
        ASSERT_TRUE(event.has_value()) << asked;
        if (topics::is_for_all(policy) ||
            routing::match_by_definition(*pattern, *event) == routing::Verdict::match)
            expected[queue].push_back(body);
    };
    for (int i = 0; i < 60; ++i) {
        ports::MessageAttributes attributes;
        std::string members = R"("i":)" + std::to_string(i);
        if (dice.chance(2, 3)) {
            auto const* const kind = dice.chance(1, 2) ? "a" : dice.chance(1, 2) ? "b" : "c";
            attributes.push_back({"kind", "String", kind});
            members += R"(,"kind":")" + std::string(kind) + "\"";
        }
        if (dice.chance(1, 2)) {
            auto const number = std::to_string(dice.below(4));
            attributes.push_back({"n", "Number", number});
            members += R"(,"n":)" + number;
        }
        if (dice.chance(1, 2)) {
            auto const* const list = dice.chance(1, 2) ? R"(["x","z"])" : R"(["yy",3])";
            attributes.push_back({"list", "String.Array", list});
            members += R"(,"list":)" + std::string(list);
        }
        auto const body = "{" + members + "}";
        ASSERT_TRUE(publish(it, topic, body, attributes).has_value());
        for (std::size_t queue = 0; queue < expected.size(); ++queue)
            expect(queue, body, queue % 2 == 0 ? topics::attributes_as_json(attributes) : body);
    }
    it.pass(moment);
    for (std::size_t queue = 0; queue < expected.size(); ++queue) {
        auto got = bodies(it, "q" + std::to_string(queue));
        std::sort(got.begin(), got.end());
        std::sort(expected[queue].begin(), expected[queue].end());
        EXPECT_EQ(got, expected[queue]) << policies[queue / 2];
    }
}

void a_slow_subscription_delays_no_other(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    subscribe(it, topic, "quick");
    subscribe(it, topic, "slow");
    it.set_door("slow", DoorState::busy);
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(publish(it, topic, "x").has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "quick").size(), 100U);
    EXPECT_TRUE(bodies(it, "slow").empty());
    it.set_door("slow", DoorState::open);
    it.pass(Duration::minutes(2));
    EXPECT_EQ(bodies(it, "slow").size(), 100U);
}

void what_never_can_be_delivered_is_a_dead_letter(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    auto const arn = subscribe(it, topic, "a");
    subscribe(it, topic, "b");
    it.set_door("a", DoorState::gone);
    ASSERT_TRUE(publish(it, topic, "x").has_value());
    it.pass(moment);
    auto const dead = it.take("dead-letter");
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead.front().body, "x");
    EXPECT_EQ(bodies(it, "b"), Texts{"x"});
}

void an_endpoint_that_has_not_confirmed_gets_nothing(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    auto const made = it.subscriptions().subscribe({topic, "https", "https://shop.example/hook"});
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->state, ports::SubscriptionState::pending);
    EXPECT_EQ(fault_of(it.subscriptions().confirm_subscription(topic, "guessed")),
              MessagingFault::invalid);
    EXPECT_EQ(it.topics().get_topic_attributes(topic)->at("SubscriptionsPending"), "1");
}

void who_has_gone_gets_nothing_more(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    auto const arn = subscribe(it, topic, "a");
    ASSERT_TRUE(publish(it, topic, "x").has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "a"), Texts{"x"});
    ASSERT_TRUE(it.subscriptions().unsubscribe(arn).has_value());
    ASSERT_TRUE(publish(it, topic, "y").has_value());
    it.pass(moment);
    EXPECT_TRUE(bodies(it, "a").empty());
}

void a_change_holds_whole_or_not_at_all(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    auto const arn = subscribe(it, topic, "a", {{"FilterPolicy", R"({"k":["x"]})"}});
    ports::SubscriptionChange change{
        {{"FilterPolicy", R"({"a":{"b":["x"]}})"}, {"FilterPolicyScope", "MessageBody"}}, 1};
    ASSERT_TRUE(it.subscriptions().check_change(arn, change).has_value());
    EXPECT_EQ(it.subscriptions().get_subscription_attributes(arn)->at("FilterPolicy"),
              R"({"k":["x"]})");
    ASSERT_TRUE(it.subscriptions().change_subscription(arn, change).has_value());
    EXPECT_EQ(fault_of(it.subscriptions().change_subscription(arn, change)),
              MessagingFault::concurrent_modification);
    change = {{{"FilterPolicy", "{}"}, {"RawMessageDelivery", "maybe"}}, {}};
    EXPECT_EQ(fault_of(it.subscriptions().change_subscription(arn, change)),
              MessagingFault::invalid);
    for (auto const* const body : {R"({"a":{"b":"x"}})", R"({"a":{"b":"y"}})"})
        ASSERT_TRUE(publish(it, topic, body).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "a"), Texts{R"({"a":{"b":"x"}})"});
}

void of_a_batch_each_message_is_judged_alone(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    subscribe(it, topic, "a");
    std::vector<ports::TopicMessage> batch(3);
    batch[0].id = "one";
    batch[0].body = "x";
    batch[1].id = "two";
    batch[2].id = "three";
    batch[2].body = "z";
    auto const outcomes = it.topic().publish(topic, batch);
    ASSERT_TRUE(outcomes.has_value());
    EXPECT_TRUE((*outcomes)[0].has_value());
    EXPECT_EQ((*outcomes)[1].error().code, "InvalidParameter");
    EXPECT_TRUE((*outcomes)[2].has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "a").size(), 2U);
    EXPECT_EQ(fault_of(it.topic().publish(topic, {})), MessagingFault::invalid);
    EXPECT_EQ(fault_of(it.topic().publish(topic + "-none", batch)), MessagingFault::not_found);
}

void a_filter_that_cannot_be_is_refused(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    for (auto const* const policy :
         {"[]", R"({"a":"x"})", R"({"a":{"b":["x"]}})", R"({"a":[{"exactly":"x"}]})"}) {
        auto const made = it.subscriptions().subscribe(
            {topic, "sqs", it.queue_arn("a"), {{"FilterPolicy", policy}}});
        EXPECT_EQ(fault_of(made), MessagingFault::invalid) << policy;
        EXPECT_TRUE(made.error().what.starts_with("Invalid parameter: FilterPolicy")) << policy;
    }
    EXPECT_TRUE(it.subscriptions().list_subscriptions(topic, {})->items.empty());
}

void a_fifo_topic_keeps_each_groups_sequence_and_takes_an_id_once(TopicUnderTest& it) {
    auto const topic = make_topic(it, "news.fifo");
    subscribe(it, topic, "a.fifo");
    it.set_door("a.fifo", DoorState::busy);
    std::map<std::string, Texts> expected;
    for (int i = 0; i < 20; ++i) {
        ports::TopicMessage message;
        message.group_id = i % 2 == 0 ? "even" : "odd";
        message.body = message.group_id + std::to_string(i);
        message.deduplication_id = message.body;
        expected[message.group_id].push_back(message.body);
        for (int twice = 0; twice < 2; ++twice)
            ASSERT_TRUE(it.topic().publish(topic, std::span(&message, 1))->front().has_value());
    }
    it.pass(moment);
    it.set_door("a.fifo", DoorState::open);
    it.pass(Duration::minutes(2));
    std::map<std::string, Texts> got;
    for (auto const& body : bodies(it, "a.fifo"))
        got[body.starts_with("even") ? "even" : "odd"].push_back(body);
    EXPECT_EQ(got, expected);
}

void topics_are_made_once(TopicUnderTest& it) {
    auto const topic = make_topic(it);
    EXPECT_EQ(make_topic(it), topic);
    EXPECT_EQ(fault_of(it.topics().create_topic("no name", {}, {})), MessagingFault::invalid);
    ASSERT_TRUE(it.topics().set_topic_attribute(topic, "DisplayName", "News").has_value());
    EXPECT_EQ(it.topics().get_topic_attributes(topic)->at("DisplayName"), "News");
    EXPECT_EQ(it.topics().list_topics({})->items, Texts{topic});
    ASSERT_TRUE(it.topics().delete_topic(topic).has_value());
    EXPECT_EQ(fault_of(it.topics().get_topic_attributes(topic)), MessagingFault::not_found);
}

constexpr Sentence<TopicUnderTest> sentences[] = {
    {"a_message_reaches_each_subscription_with_its_attributes",
     a_message_reaches_each_subscription_with_its_attributes},
    {"what_is_not_raw_comes_in_an_envelope", what_is_not_raw_comes_in_an_envelope},
    {"filters_let_through_what_the_definition_says", filters_let_through_what_the_definition_says},
    {"a_slow_subscription_delays_no_other", a_slow_subscription_delays_no_other},
    {"what_never_can_be_delivered_is_a_dead_letter", what_never_can_be_delivered_is_a_dead_letter},
    {"an_endpoint_that_has_not_confirmed_gets_nothing",
     an_endpoint_that_has_not_confirmed_gets_nothing},
    {"who_has_gone_gets_nothing_more", who_has_gone_gets_nothing_more,
     promised<&MessagingPromises::instant_changes>},
    {"a_change_holds_whole_or_not_at_all", a_change_holds_whole_or_not_at_all,
     promised<&MessagingPromises::instant_changes>},
    {"of_a_batch_each_message_is_judged_alone", of_a_batch_each_message_is_judged_alone},
    {"a_filter_that_cannot_be_is_refused", a_filter_that_cannot_be_is_refused},
    {"a_fifo_topic_keeps_each_groups_sequence_and_takes_an_id_once",
     a_fifo_topic_keeps_each_groups_sequence_and_takes_an_id_once},
    {"topics_are_made_once", topics_are_made_once},
};

} // namespace

bool topic_contract(std::string const& name, MakeTopic make) {
    return hold_to("TopicContract/" + name, std::move(make), sentences);
}

} // namespace kontor::contract
