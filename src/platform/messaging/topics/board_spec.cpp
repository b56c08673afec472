#include "platform/messaging/topics/board.hpp"
#include "platform/messaging/topics/limits.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

namespace kontor::topics {
namespace {

using ports::MessagingFault;

std::string queue_arn(std::string_view name) {
    return "arn:aws:sqs:us-east-1:000000000000:" + std::string(name);
}

MessagingFault fault_of(auto const& answer) {
    EXPECT_FALSE(answer.has_value());
    return answer ? MessagingFault::unavailable : answer.error().fault;
}

struct World {
    Board board{ports::CloudPlace{}, Random(7)};
    Instant now{Instant::from_unix_microseconds(1'764'180'000'000'000)};
    std::string topic{*board.create_topic("t", {}, {})};

    std::string subscribe(std::string const& queue, ports::NamedTexts attributes = {}) {
        auto const made = board.subscribe({topic, "sqs", queue_arn(queue), attributes}, now);
        EXPECT_TRUE(made.has_value()) << made.error().what;
        return made->arn;
    }
    ports::PublishOutcome publish(ports::TopicMessage const& message) {
        auto outcomes = board.publish(topic, std::span(&message, 1), now);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().what;
        return outcomes->front();
    }
    ports::PublishOutcome publish(std::string body, ports::MessageAttributes attributes = {}) {
        ports::TopicMessage message;
        message.body = std::move(body);
        message.attributes = std::move(attributes);
        return publish(message);
    }
    /// "queue:message queue:message", sorted.
    std::string delivered() {
        std::vector<std::string> all;
        for (auto attempts = board.start(now, 100); !attempts.empty();
             attempts = board.start(now, 100))
            for (auto const& attempt : attempts) {
                if (auto const sent = board.notification(attempt.parcel))
                    all.push_back(sent->endpoint.substr(sent->endpoint.rfind(':') + 1) + ":" +
                                  sent->message);
                board.delivered(attempt);
            }
        std::sort(all.begin(), all.end());
        std::string text;
        for (auto const& each : all)
            text += (text.empty() ? "" : " ") + each;
        return text;
    }
};

TEST(Board, a_message_reaches_each_subscription) {
    World world;
    world.subscribe("a");
    world.subscribe("b");
    ASSERT_TRUE(world.publish("x").has_value());
    EXPECT_EQ(world.delivered(), "a:x b:x");
    EXPECT_EQ(world.board.counts().delivered, 2U);
}

TEST(Board, a_filter_on_attributes_keeps_out_what_it_does_not_want) {
    World world;
    world.subscribe("a", {{"FilterPolicy", R"({"kind":["x",{"prefix":"y"}]})"}});
    world.subscribe("b", {{"FilterPolicy", R"({"n":[{"numeric":[">",5]}]})"}});
    ASSERT_TRUE(world.publish("1", {{"kind", "String", "yes"}}).has_value());
    ASSERT_TRUE(world.publish("2", {{"kind", "String", "no"}}).has_value());
    ASSERT_TRUE(world.publish("3", {{"n", "Number", "5.5"}}).has_value());
    ASSERT_TRUE(world.publish("4", {{"n", "String", "5.5"}}).has_value());
    ASSERT_TRUE(world.publish("5").has_value());
    ASSERT_TRUE(world.publish("6", {{"kind", "String.Array", R"(["no","x"])"}}).has_value());
    EXPECT_EQ(world.delivered(), "a:1 a:6 b:3");
    EXPECT_EQ(world.board.counts().filtered_out, 9U);
}

TEST(Board, a_filter_on_the_body_counts_bodies_that_are_no_object) {
    World world;
    world.subscribe("a", {{"FilterPolicyScope", "MessageBody"},
                          {"FilterPolicy", R"({"order":{"state":["open"]}})"}});
    world.subscribe("b");
    ASSERT_TRUE(world.publish(R"({"order":{"state":"open"}})").has_value());
    ASSERT_TRUE(world.publish(R"({"order":{"state":"shut"}})").has_value());
    ASSERT_TRUE(world.publish("no object").has_value());
    EXPECT_EQ(world.delivered(), R"(a:{"order":{"state":"open"}} b:no object )"
                                 R"(b:{"order":{"state":"open"}} b:{"order":{"state":"shut"}})");
    EXPECT_EQ(world.board.counts().filtered_out, 2U);
    EXPECT_EQ(world.board.counts().unreadable, 1U);
    EXPECT_TRUE(world.board.take_dead_letters().empty());
}

TEST(Board, a_body_that_would_meet_a_filter_and_is_no_json_is_kept_out) {
    World world;
    world.subscribe("a",
                    {{"FilterPolicyScope", "MessageBody"}, {"FilterPolicy", R"({"shop":["a"]})"}});
    for (auto const* const body :
         {R"({"shop":"a"} and more)", R"({"shop":"a","n":@@})", R"({"shop":"b","shop":"a"})"})
        ASSERT_TRUE(world.publish(body).has_value());
    EXPECT_EQ(world.delivered(), "");
    EXPECT_EQ(world.board.counts().unreadable, 3U);
    EXPECT_TRUE(world.board.take_dead_letters().empty());
    ASSERT_TRUE(world.publish(R"({"shop":"a"})").has_value());
    EXPECT_EQ(world.delivered(), R"(a:{"shop":"a"})");
}

TEST(Board, a_changed_filter_holds_for_the_next_message) {
    World world;
    auto const arn = world.subscribe("a", {{"FilterPolicy", R"({"k":["x"]})"}});
    auto const set = [&](std::string const& policy) {
        return world.board.change_subscription(arn, {{{"FilterPolicy", policy}}, {}});
    };
    ASSERT_TRUE(set(R"({"k":["y"]})").has_value());
    ASSERT_TRUE(world.publish("1", {{"k", "String", "x"}}).has_value());
    ASSERT_TRUE(world.publish("2", {{"k", "String", "y"}}).has_value());
    EXPECT_EQ(world.delivered(), "a:2");
    EXPECT_EQ(fault_of(set(R"({"k":"y"})")), MessagingFault::invalid);
    ASSERT_TRUE(world.publish("3", {{"k", "String", "y"}}).has_value());
    ASSERT_TRUE(set("{}").has_value());
    ASSERT_TRUE(world.publish("4").has_value());
    EXPECT_EQ(world.delivered(), "a:3 a:4");
}

TEST(Board, a_scope_is_judged_with_the_filter_that_it_is_for) {
    World world;
    auto const nested = R"({"a":{"b":["x"]}})";
    EXPECT_EQ(fault_of(world.board.subscribe(
                  {world.topic, "sqs", queue_arn("a"), {{"FilterPolicy", nested}}}, world.now)),
              MessagingFault::invalid);
    auto const arn =
        world.subscribe("a", {{"FilterPolicy", nested}, {"FilterPolicyScope", "MessageBody"}});
    EXPECT_EQ(fault_of(world.board.change_subscription(
                  arn, {{{"FilterPolicyScope", "MessageAttributes"}}, {}})),
              MessagingFault::invalid);
    ASSERT_TRUE(world.publish(R"({"a":{"b":"x"}})").has_value());
    EXPECT_EQ(world.delivered(), R"(a:{"a":{"b":"x"}})");
}

TEST(Board, a_topic_has_at_most_so_many_filters) {
    World world;
    for (std::size_t i = 0; i < filters_of_topic_max; ++i)
        world.subscribe("q" + std::to_string(i), {{"FilterPolicy", R"({"k":["x"]})"}});
    EXPECT_EQ(
        fault_of(world.board.subscribe(
            {world.topic, "sqs", queue_arn("z"), {{"FilterPolicy", R"({"k":["x"]})"}}}, world.now)),
        MessagingFault::limit_exceeded);
    auto const plain = world.subscribe("z");
    EXPECT_EQ(fault_of(world.board.change_subscription(plain,
                                                       {{{"FilterPolicy", R"({"k":["x"]})"}}, {}})),
              MessagingFault::limit_exceeded);
}

TEST(Board, a_filter_and_its_scope_change_together_or_not_at_all) {
    World world;
    auto const arn = world.subscribe("a", {{"FilterPolicy", R"({"k":["x"]})"}});
    auto const nested = R"({"a":{"b":["x"]}})";
    ports::SubscriptionChange change{
        {{"FilterPolicy", nested}, {"FilterPolicyScope", "MessageBody"}}, 1};
    EXPECT_TRUE(world.board.check_change(arn, change).has_value());
    ASSERT_TRUE(world.publish("1", {{"k", "String", "x"}}).has_value());
    EXPECT_EQ(world.delivered(), "a:1") << "what was only asked has changed nothing";
    ASSERT_TRUE(world.board.change_subscription(arn, change).has_value());
    ASSERT_TRUE(world.publish(R"({"a":{"b":"x"}})").has_value());
    EXPECT_EQ(world.delivered(), R"(a:{"a":{"b":"x"}})");
    change.version.reset();
    change.attributes["RawMessageDelivery"] = "maybe";
    change.attributes["FilterPolicy"] = "{}";
    EXPECT_EQ(fault_of(world.board.change_subscription(arn, change)), MessagingFault::invalid);
    ASSERT_TRUE(world.publish("2").has_value());
    EXPECT_EQ(world.delivered(), "") << "the filter is the one of before";
}

TEST(Board, a_subscription_changes_for_who_has_seen_how_it_stands) {
    World world;
    auto const arn = world.subscribe("a");
    auto const version = [&] {
        return world.board.list_subscriptions(world.topic, {})->items.front().version;
    };
    EXPECT_EQ(version(), 1U);
    ports::SubscriptionChange const raw{{{"RawMessageDelivery", "true"}}, 1};
    ASSERT_TRUE(world.board.change_subscription(arn, raw).has_value());
    EXPECT_EQ(version(), 2U);
    EXPECT_EQ(fault_of(world.board.change_subscription(arn, raw)),
              MessagingFault::concurrent_modification);
    ASSERT_TRUE(world.board.change_subscription(arn, {raw.attributes, {}}).has_value());
    EXPECT_EQ(version(), 2U) << "it stood so already";
}

TEST(Board, what_a_subscription_would_be_told_is_known_before) {
    World world;
    ports::SubscriptionWish wish{world.topic, "sqs", queue_arn("a"), {{"FilterPolicy", "{"}}};
    EXPECT_EQ(fault_of(world.board.check_subscription(wish)), MessagingFault::invalid);
    wish.attributes = {{"RawMessageDelivery", "true"}};
    EXPECT_EQ(world.board.check_subscription(wish)->has_value(), false);
    EXPECT_TRUE(world.board.list_subscriptions(world.topic, {})->items.empty());
    auto const arn = world.subscribe("a", wish.attributes);
    EXPECT_EQ(world.board.check_subscription(wish)->value().arn, arn);
    wish.attributes = {{"RawMessageDelivery", "false"}};
    EXPECT_EQ(fault_of(world.board.check_subscription(wish)), MessagingFault::already_exists);
    wish.topic_arn += "x";
    EXPECT_EQ(fault_of(world.board.check_subscription(wish)), MessagingFault::not_found);
}

TEST(Board, each_subscription_has_counts_of_what_it_wanted_and_what_not) {
    World world;
    ASSERT_TRUE(world.publish("before").has_value());
    world.subscribe("a", {{"FilterPolicy", R"({"k":["x"]})"}});
    world.subscribe("b");
    ASSERT_TRUE(world.publish("1", {{"k", "String", "x"}}).has_value());
    ASSERT_TRUE(world.publish("2", {{"k", "String", "y"}}).has_value());
    ASSERT_TRUE(world.publish("3").has_value());
    auto const standing = world.board.list_subscriptions(world.topic, {});
    ASSERT_TRUE(standing.has_value());
    for (auto const& each : standing->items) {
        bool const is_filtered = each.endpoint == queue_arn("a");
        EXPECT_EQ(each.matched, is_filtered ? 1U : 3U) << each.endpoint;
        EXPECT_EQ(each.filtered, is_filtered ? 2U : 0U) << each.endpoint;
    }
    EXPECT_EQ(world.board.describe_topic(world.topic)->published, 4U);
    EXPECT_FALSE(world.board.describe_topic(world.topic)->is_of_topology);
    EXPECT_EQ(fault_of(world.board.describe_topic("arn:none")), MessagingFault::not_found);
}

TEST(Board, a_subscription_that_never_answers_delays_no_other) {
    World world;
    world.subscribe("quick");
    world.subscribe("slow");
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(world.publish("x").has_value());
    std::size_t quick = 0;
    for (int turn = 0; turn < 100; ++turn)
        for (auto const& attempt : world.board.start(world.now, 1'000))
            if (world.board.notification(attempt.parcel)->endpoint.ends_with("quick")) {
                world.board.delivered(attempt);
                ++quick;
            }
    EXPECT_EQ(quick, 100U);
}

TEST(Board, an_endpoint_is_asked_first_and_gets_nothing_before) {
    World world;
    auto const made =
        world.board.subscribe({world.topic, "https", "https://shop.example/hook"}, world.now);
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->state, ports::SubscriptionState::pending);
    ASSERT_TRUE(world.publish("too early").has_value());
    auto const attempts = world.board.start(world.now, 10);
    ASSERT_EQ(attempts.size(), 1U);
    auto const asked = world.board.notification(attempts.front().parcel);
    EXPECT_EQ(asked->kind, NotificationKind::subscription_confirmation);
    EXPECT_EQ(asked->token.size(), 64U);
    world.board.delivered(attempts.front());
    EXPECT_EQ(fault_of(world.board.confirm(world.topic, "guessed", world.now)),
              MessagingFault::invalid);
    EXPECT_EQ(fault_of(world.board.confirm(world.topic, "", world.now)), MessagingFault::invalid);
    ASSERT_TRUE(world.board.confirm(world.topic, asked->token, world.now).has_value());
    ASSERT_TRUE(world.board.confirm(world.topic, asked->token, world.now).has_value());
    ASSERT_TRUE(world.publish("now").has_value());
    EXPECT_EQ(world.delivered(), "//shop.example/hook:now");
}

TEST(Board, a_token_lives_two_days) {
    World world;
    ASSERT_TRUE(
        world.board.subscribe({world.topic, "https", "https://a.example"}, world.now).has_value());
    auto const attempts = world.board.start(world.now, 10);
    auto const token = world.board.notification(attempts.front().parcel)->token;
    EXPECT_EQ(fault_of(world.board.confirm(world.topic, token,
                                           world.now + token_life + Duration::seconds(1))),
              MessagingFault::invalid);
    EXPECT_TRUE(world.board.confirm(world.topic, token, world.now + token_life).has_value());
}

TEST(Board, past_the_lanes_a_question_is_handed_over_and_asked_anew_when_it_has_expired) {
    World world;
    ports::SubscriptionWish const wish{world.topic, "https", "https://a.example"};
    auto const ask = [&] {
        auto made = world.board.hand_over_subscription(wish, world.now);
        EXPECT_TRUE(made.has_value() && made->question);
        return world.board.notification(*made->question).value();
    };
    auto const first = ask();
    EXPECT_EQ(ask().token, first.token);
    EXPECT_TRUE(world.board.start(world.now, 10).empty());
    world.now = world.now + token_life + Duration::seconds(1);
    auto const second = ask();
    EXPECT_NE(second.token, first.token);
    EXPECT_EQ(fault_of(world.board.confirm(world.topic, first.token, world.now)),
              MessagingFault::invalid);
    ASSERT_TRUE(world.board.confirm(world.topic, second.token, world.now));
    EXPECT_FALSE(world.board.hand_over_subscription(wish, world.now)->question);
}

TEST(Board, a_token_is_good_in_another_life_with_the_same_key_alone) {
    World world;
    auto const asked =
        world.board.hand_over_subscription({world.topic, "https", "https://a.example"}, world.now)
            .value();
    auto const confirmed_by = [&](std::string const& key) {
        Board before(ports::CloudPlace{}, Random(1), "a key");
        Board after(ports::CloudPlace{}, Random(2), key);
        for (auto* const board : {&before, &after}) {
            static_cast<void>(board->create_topic("t", {}, {}));
            EXPECT_TRUE(board->subscribe_as(asked.description.arn,
                                            {world.topic, "https", "https://a.example"},
                                            {world.now, {}}));
        }
        auto const made =
            before.hand_over_subscription({world.topic, "https", "https://a.example"}, world.now);
        auto const token = before.notification(*made->question)->token;
        return after.confirm(world.topic, token, world.now).has_value();
    };
    EXPECT_TRUE(confirmed_by("a key"));
    EXPECT_FALSE(confirmed_by("another"));
}

TEST(Board, what_fails_for_good_is_a_dead_letter) {
    World world;
    auto const arn = world.subscribe(
        "a", {{"RedrivePolicy", R"({"deadLetterTargetArn":")" + queue_arn("dead-letter") + "\"}"}});
    ASSERT_TRUE(world.publish("x").has_value());
    auto attempts = world.board.start(world.now, 10);
    world.board.failed(attempts.front(), SendFault::passing, "503", world.now);
    EXPECT_TRUE(world.board.take_dead_letters().empty());
    attempts = world.board.start(world.now, 10);
    ASSERT_EQ(attempts.size(), 1U);
    EXPECT_EQ(attempts.front().tries, 1U);
    world.board.failed(attempts.front(), SendFault::final_, "no such queue", world.now);
    auto const letters = world.board.take_dead_letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters.front().queue_arn, queue_arn("dead-letter"));
    EXPECT_EQ(letters.front().body, "x");
    EXPECT_EQ(letters.front().attributes.front().value, arn);
    EXPECT_EQ(world.board.counts().lost, 0U);
}

TEST(Board, without_dead_letters_the_loss_is_counted) {
    World world;
    world.subscribe("a");
    ASSERT_TRUE(world.publish("x").has_value());
    auto const attempts = world.board.start(world.now, 10);
    world.board.failed(attempts.front(), SendFault::final_, "gone", world.now);
    EXPECT_EQ(world.board.counts().lost, 1U);
    EXPECT_EQ(world.board.counts().failed, 1U);
}

TEST(Board, an_exhausted_schedule_ends) {
    World world;
    auto const made = world.board.subscribe(
        {world.topic,
         "https",
         "https://a.example",
         {{"DeliveryPolicy",
           R"({"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":2}})"}}},
        world.now);
    ASSERT_TRUE(made.has_value()) << made.error().what;
    int tries = 0;
    for (; tries < 10; ++tries) {
        auto const attempts = world.board.start(world.now, 10);
        if (attempts.empty())
            break;
        world.board.failed(attempts.front(), SendFault::passing, "500", world.now);
        world.now = world.now + Duration::seconds(1);
    }
    EXPECT_EQ(tries, 3);
    EXPECT_EQ(world.board.counts().failed, 1U);
}

TEST(Board, the_policy_of_a_topic_is_that_of_who_has_none) {
    constexpr std::string_view twice =
        R"({"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":2}})";
    World world;
    auto const retries = [&] { return world.board.web_subscriptions().front().schedule.retries(); };
    auto const usual = topics::RetrySchedule::of_endpoints().retries();
    auto const made =
        world.board.subscribe({world.topic, "https", "https://a.example", {}}, world.now);
    ASSERT_TRUE(made.has_value()) << made.error().what;
    EXPECT_EQ(retries(), usual);
    ASSERT_TRUE(world.board.set_topic_attribute(world.topic, "DeliveryPolicy", twice));
    EXPECT_EQ(retries(), 2U);
    auto const change = [&](std::string policy) {
        return world.board.change_subscription(made->arn, {{{"DeliveryPolicy", policy}}, {}});
    };
    ASSERT_TRUE(
        change(R"({"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":5}})"));
    EXPECT_EQ(retries(), 5U);
    ASSERT_TRUE(change(""));
    EXPECT_EQ(retries(), 2U);
}

TEST(Board, a_fifo_topic_keeps_sequence_and_takes_an_id_once) {
    World world;
    world.topic = *world.board.create_topic("t.fifo", {{"FifoTopic", "true"}}, {});
    world.subscribe("a.fifo");
    auto const message = [](std::string body, std::string group) {
        ports::TopicMessage made;
        made.body = std::move(body);
        made.group_id = std::move(group);
        made.deduplication_id = made.body;
        return made;
    };
    auto const first = world.publish(message("1", "g"));
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(first->sequence_number.size(), 20U);
    auto const second = world.publish(message("2", "g"));
    ASSERT_TRUE(second.has_value());
    EXPECT_GT(second->sequence_number, first->sequence_number) << "in the same instant";
    ASSERT_TRUE(world.publish(message("3", "h")).has_value());
    EXPECT_EQ(world.publish(message("1", "g")), first);
    auto const attempts = world.board.start(world.now, 10);
    ASSERT_EQ(attempts.size(), 2U) << "one of each group";
    world.board.failed(attempts.front(), SendFault::passing, "busy", world.now);
    world.board.delivered(attempts.back());
    EXPECT_EQ(world.delivered(), "a.fifo:1 a.fifo:2");
    world.now = world.now + deduplication_window;
    EXPECT_NE(world.publish(message("1", "g")), first);
    EXPECT_EQ(
        fault_of(world.board.subscribe({world.topic, "https", "https://a.example"}, world.now)),
        MessagingFault::invalid);
}

TEST(Board, of_a_batch_each_message_is_judged_alone) {
    World world;
    world.subscribe("a");
    std::vector<ports::TopicMessage> batch(2);
    batch[0].id = "one";
    batch[0].body = "x";
    batch[1].id = "two";
    auto const outcomes = world.board.publish(world.topic, batch, world.now);
    ASSERT_TRUE(outcomes.has_value());
    EXPECT_TRUE((*outcomes)[0].has_value());
    EXPECT_EQ((*outcomes)[1].error().code, "InvalidParameter");
    batch[1].id = "one";
    EXPECT_EQ(fault_of(world.board.publish(world.topic, batch, world.now)),
              MessagingFault::invalid);
    batch.resize(11);
    EXPECT_EQ(fault_of(world.board.publish(world.topic, batch, world.now)),
              MessagingFault::invalid);
    EXPECT_EQ(fault_of(world.board.publish(world.topic, {}, world.now)), MessagingFault::invalid);
    EXPECT_EQ(
        fault_of(world.board.publish(world.topic + "x", std::span(batch).first(1), world.now)),
        MessagingFault::not_found);
}

TEST(Board, who_has_gone_gets_nothing_more) {
    World world;
    auto const arn = world.subscribe("a");
    world.subscribe("b");
    ASSERT_TRUE(world.publish("x").has_value());
    ASSERT_TRUE(world.board.unsubscribe(arn).has_value());
    ASSERT_TRUE(world.board.unsubscribe(arn).has_value());
    EXPECT_EQ(world.delivered(), "b:x");
    ASSERT_TRUE(world.publish("y").has_value());
    EXPECT_EQ(world.delivered(), "b:y");
    ASSERT_TRUE(world.board.delete_topic(world.topic).has_value());
    EXPECT_TRUE(world.board.list_subscriptions("", {})->items.empty());
    EXPECT_EQ(fault_of(world.board.topic_attributes(world.topic)), MessagingFault::not_found);
}

TEST(Board, topics_are_made_once_and_show_what_they_have) {
    World world;
    EXPECT_EQ(*world.board.create_topic("t", {}, {}), world.topic);
    EXPECT_EQ(fault_of(world.board.create_topic("t", {{"DisplayName", "x"}}, {})),
              MessagingFault::invalid);
    EXPECT_EQ(fault_of(world.board.create_topic("t t", {}, {})), MessagingFault::invalid);
    EXPECT_EQ(fault_of(world.board.create_topic("u.fifo", {}, {})), MessagingFault::invalid);
    EXPECT_EQ(fault_of(world.board.create_topic("u", {{"Colour", "red"}}, {})),
              MessagingFault::invalid);
    EXPECT_EQ(fault_of(world.board.set_topic_attribute(world.topic, "MaximumMessageSize", "9")),
              MessagingFault::invalid);
    ASSERT_TRUE(
        world.board.set_topic_attribute(world.topic, "MaximumMessageSize", "1024").has_value());
    EXPECT_FALSE(world.publish(std::string(1'025, 'x')).has_value());
    world.subscribe("a");
    auto const shown = *world.board.topic_attributes(world.topic);
    EXPECT_EQ(shown.at("SubscriptionsConfirmed"), "1");
    EXPECT_EQ(shown.at("SignatureVersion"), "2");
    EXPECT_EQ(world.board.list_topics({})->items, std::vector<std::string>{world.topic});
}

TEST(Board, a_subscription_is_made_once) {
    World world;
    auto const arn = world.subscribe("a", {{"RawMessageDelivery", "true"}});
    EXPECT_EQ(world.subscribe("a"), arn);
    EXPECT_EQ(
        fault_of(world.board.subscribe(
            {world.topic, "sqs", queue_arn("a"), {{"RawMessageDelivery", "false"}}}, world.now)),
        MessagingFault::already_exists);
    for (auto const& [protocol, endpoint] :
         std::map<std::string, std::string>{{"sqs", "a"},
                                            {"https", "http://a.example"},
                                            {"email", "nobody"},
                                            {"lambda", "arn:aws:lambda:r:a:f"}})
        EXPECT_EQ(fault_of(world.board.subscribe({world.topic, protocol, endpoint}, world.now)),
                  MessagingFault::invalid)
            << protocol;
    EXPECT_EQ(fault_of(world.board.subscribe({world.topic, "sqs", queue_arn("x.fifo")}, world.now)),
              MessagingFault::invalid);
}

TEST(Board, the_shop_has_its_topics_and_they_are_its_own) {
    World world;
    world.board.adopt(topology::shop);
    world.topic = "arn:aws:sns:us-east-1:000000000000:order-notifications";
    ASSERT_TRUE(world.publish(R"({"kind":"order.placed"})").has_value());
    ASSERT_TRUE(world.publish(R"({"kind":"order.confirmed"})").has_value());
    world.topic = "arn:aws:sns:us-east-1:000000000000:operations-alerts";
    ASSERT_TRUE(world.publish(R"({"kind":"x","severity":"page"})").has_value());
    ASSERT_TRUE(world.publish(R"({"kind":"x","severity":"idle"})").has_value());
    EXPECT_EQ(world.delivered(), R"(notifications:{"kind":"order.confirmed"} )"
                                 R"(notifications:{"kind":"x","severity":"page"})");
    EXPECT_EQ(fault_of(world.board.delete_topic(world.topic)), MessagingFault::access_denied);
    auto const mine = world.board.list_subscriptions(world.topic, {})->items.front().arn;
    EXPECT_EQ(fault_of(world.board.unsubscribe(mine)), MessagingFault::access_denied);
    EXPECT_EQ(fault_of(world.board.change_subscription(mine, {{{"FilterPolicy", "{}"}}, {}})),
              MessagingFault::access_denied);
    EXPECT_EQ(fault_of(world.board.check_change(mine, {})), MessagingFault::access_denied);
    EXPECT_TRUE(world.board.describe_topic(world.topic)->is_of_topology);
    EXPECT_TRUE(world.board.list_subscriptions(world.topic, {})->items.front().is_of_topology);
}

TEST(Board, a_tag_does_not_begin_as_awss_own_do) {
    World world;
    EXPECT_FALSE(world.board.create_topic("tagged", {}, {{"aws:team", "shop"}}));
    auto const arn = world.board.create_topic("tagged", {}, {{"team", "shop"}});
    ASSERT_TRUE(arn);
    EXPECT_FALSE(world.board.tag(*arn, {{"aws:team", "shop"}}));
    EXPECT_EQ(world.board.tags_of(*arn)->size(), 1U);
}

} // namespace
} // namespace kontor::topics
