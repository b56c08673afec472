#include "platform/messaging/router/wiring_world.hpp"

#include "codec/events.hpp"

namespace kontor::router {
namespace {

using Bodies = std::vector<std::string>;
using ports::MessagingFault;

TEST(Wiring, what_was_put_reaches_a_queue_by_a_rule_once) {
    Outside world;
    world.make_queue("mine");
    world.make_rule("r", from_app, arn("sqs", "mine"));
    auto const put = world.put(R"({"n":1})");
    ASSERT_TRUE(put && put->at(0));
    ASSERT_TRUE(world.put(R"({"n":2})", "other"));
    world.route();
    auto const bodies = world.bodies("mine");
    ASSERT_EQ(bodies.size(), 1U);
    EXPECT_NE(bodies[0].find(R"("id":")" + *put->at(0)), std::string::npos);
    EXPECT_NE(bodies[0].find(R"("detail":{"n":1})"), std::string::npos);
}

TEST(Wiring, what_was_accepted_outlives_a_crash_and_is_routed_then) {
    Outside world;
    world.make_queue("mine");
    world.make_rule("r", from_app, arn("sqs", "mine"));
    ASSERT_TRUE(world.put(R"({"n":1})"));
    world.start();
    world.route();
    world.start();
    world.route();
    EXPECT_EQ(world.bodies("mine").size(), 1U);
}

TEST(Wiring, rules_topics_and_subscriptions_outlive_a_crash) {
    Outside world;
    world.make_queue("mine");
    ASSERT_TRUE(world.wiring->create_event_bus({.name = "b"}, {{"team", "shop"}}));
    auto const topic = world.wiring->create_topic("t", {{"DisplayName", "T"}}, {{"k", "v"}});
    ASSERT_TRUE(topic);
    auto const made = world.wiring->subscribe(
        {*topic, "sqs", arn("sqs", "mine"), {{"RawMessageDelivery", "true"}}});
    ASSERT_TRUE(made);
    world.make_rule("r", from_app, *topic);
    world.start();
    EXPECT_EQ(world.wiring->get_topic_attributes(*topic)->at("DisplayName"), "T");
    EXPECT_EQ(world.wiring->list_tags_for_resource(*topic).value(),
              (std::vector<ports::Tag>{{"k", "v"}}));
    EXPECT_EQ(world.wiring->list_tags_for_resource(arn("events", "event-bus/b")).value(),
              (std::vector<ports::Tag>{{"team", "shop"}}));
    EXPECT_EQ(world.wiring->list_subscriptions(*topic, {})->items.at(0).arn, made->arn);
    auto const targets = world.wiring->list_targets_by_rule("default", "r", {});
    ASSERT_EQ(targets->items.size(), 1U);
    EXPECT_EQ(targets->items[0].retry, (ports::RetryPolicy{3, 60}));
    ASSERT_TRUE(world.put(R"({"n":1})"));
    world.route();
    EXPECT_EQ(world.bodies("mine").size(), 1U);
}

TEST(Wiring, what_was_changed_and_deleted_stays_so) {
    Outside world;
    world.make_queue("mine");
    world.make_rule("gone", from_app, arn("sqs", "mine"));
    world.make_rule("off", from_app, arn("sqs", "mine"));
    std::string const id = "t";
    ASSERT_TRUE(world.wiring->remove_targets("default", "gone", std::span(&id, 1)));
    ASSERT_TRUE(world.wiring->delete_rule("default", "gone"));
    ASSERT_TRUE(world.wiring->set_rule_state("default", "off", ports::RuleState::disabled));
    auto const topic = world.wiring->create_topic("t", {}, {}).value();
    ASSERT_TRUE(world.wiring->set_topic_attribute(topic, "DisplayName", "new"));
    auto const kept = world.wiring->subscribe({topic, "sqs", arn("sqs", "mine"), {}}).value();
    ASSERT_TRUE(
        world.wiring->change_subscription(kept.arn, {{{"RawMessageDelivery", "true"}}, {}}));
    auto const ended = world.wiring->subscribe({topic, "sqs", arn("sqs", "other"), {}}).value();
    ASSERT_TRUE(world.wiring->unsubscribe(ended.arn));
    auto const deleted = world.wiring->create_topic("u", {}, {}).value();
    ASSERT_TRUE(world.wiring->delete_topic(deleted));
    world.start();
    EXPECT_EQ(world.fault_of(world.wiring->describe_rule("default", "gone")),
              MessagingFault::not_found);
    EXPECT_EQ(world.wiring->describe_rule("default", "off")->state, ports::RuleState::disabled);
    EXPECT_EQ(world.wiring->get_topic_attributes(topic)->at("DisplayName"), "new");
    EXPECT_EQ(world.wiring->list_subscriptions(topic, {})->items.size(), 1U);
    EXPECT_EQ(world.wiring->get_subscription_attributes(kept.arn)->at("RawMessageDelivery"),
              "true");
    EXPECT_EQ(world.fault_of(world.wiring->get_topic_attributes(deleted)),
              MessagingFault::not_found);
}

TEST(Wiring, a_scope_that_changed_with_its_filter_outlives_a_crash_and_so_does_the_version) {
    Outside world;
    world.make_queue("mine");
    auto const topic = world.wiring->create_topic("t", {}, {}).value();
    auto const made =
        world.wiring
            ->subscribe({topic, "sqs", arn("sqs", "mine"), {{"FilterPolicy", R"({"k":["x"]})"}}})
            .value();
    ports::SubscriptionChange const change{
        {{"FilterPolicy", R"({"a":{"b":["x"]}})"}, {"FilterPolicyScope", "MessageBody"}}, 1};
    EXPECT_TRUE(world.wiring->check_change(made.arn, change));
    ASSERT_TRUE(world.wiring->change_subscription(made.arn, change));
    EXPECT_EQ(world.fault_of(world.wiring->change_subscription(made.arn, change)),
              MessagingFault::concurrent_modification);
    ASSERT_TRUE(world.wiring->change_subscription(made.arn, {change.attributes, {}}));
    for (int life = 0; life < 2; ++life) {
        auto const standing = world.wiring->list_subscriptions(topic, {});
        ASSERT_EQ(standing->items.size(), 1U) << life;
        EXPECT_EQ(standing->items[0].version, 2U) << life;
        EXPECT_EQ(world.wiring->get_subscription_attributes(made.arn)->at("FilterPolicyScope"),
                  "MessageBody");
        world.start();
    }
}

TEST(Wiring, what_would_be_refused_is_known_before_and_nothing_is_done) {
    Outside world;
    world.make_queue("mine");
    auto const topic = world.wiring->create_topic("t", {}, {}).value();
    ports::SubscriptionWish wish{topic, "https", "https://127.0.0.1/", {}};
    EXPECT_EQ(world.fault_of(world.wiring->check_subscription(wish)), MessagingFault::invalid)
        << "it leads into this machine";
    wish = {topic, "sqs", arn("sqs", "mine"), {}};
    EXPECT_FALSE(world.wiring->check_subscription(wish)->has_value());
    EXPECT_TRUE(world.wiring->list_subscriptions(topic, {})->items.empty());
    ASSERT_TRUE(world.wiring->subscribe(wish));
    EXPECT_TRUE(world.wiring->check_subscription(wish)->has_value());
    EXPECT_EQ(world.wiring->describe_topic(topic)->arn, topic);
}

TEST(Wiring, what_is_published_stands_in_its_queues_when_it_is_answered) {
    Outside world;
    world.make_queue("mine");
    auto const topic = world.wiring->create_topic("t", {}, {}).value();
    ASSERT_TRUE(world.wiring->subscribe(
        {topic, "sqs", arn("sqs", "mine"), {{"RawMessageDelivery", "true"}}}));
    ports::TopicMessage message;
    message.body = "hello";
    auto const outcomes = world.wiring->publish(topic, std::span(&message, 1));
    ASSERT_TRUE(outcomes && outcomes->at(0));
    world.start();
    EXPECT_EQ(world.bodies("mine"), Bodies{"hello"});
}

TEST(Wiring, what_nobody_delivers_to_nobody_may_order) {
    Outside world;
    auto const topic = world.wiring->create_topic("t", {}, {}).value();
    for (auto const* const protocol : {"email", "email-json"})
        EXPECT_EQ(world.fault_of(world.wiring->subscribe({topic, protocol, "x@y", {}})),
                  MessagingFault::unsupported);
    EXPECT_EQ(world.wiring->list_subscriptions(topic, {})->items.size(), 0U);
    ASSERT_TRUE(world.wiring->put_rule({.name = "r", .bus = "default", .pattern = from_app}, {}));
    ports::TargetDescription const outside{.id = "t", .arn = arn("events", "api-destination/x")};
    auto const failed = world.wiring->put_targets("default", "r", std::span(&outside, 1));
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->at(0).id, "t");
}

TEST(Wiring, nobody_from_outside_speaks_as_the_shop_or_changes_what_it_owns) {
    Outside world;
    auto const put = world.put("{}", "kontor.order");
    ASSERT_TRUE(put);
    EXPECT_EQ(put->at(0).error().fault, ports::EntryFault::not_authorized_for_source);
    EXPECT_EQ(world.fault_of(world.wiring->delete_topic(arn("sns", "operations-alerts"))),
              MessagingFault::access_denied);
    EXPECT_EQ(world.fault_of(world.wiring->set_rule_state("ecommerce-platform", "stock-facts",
                                                          ports::RuleState::disabled)),
              MessagingFault::access_denied);
}

TEST(Wiring, what_a_full_log_refused_is_there_once_when_it_was_put_again) {
    Outside world;
    world.make_queue("mine");
    world.make_rule("r", from_app, arn("sqs", "mine"));
    world.log.left = ports::Room::last;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(world.fault_of(world.put("{}")), MessagingFault::unavailable);
    world.log.left = ports::Room::ample;
    ASSERT_TRUE(world.put("{}"));
    world.route();
    EXPECT_EQ(world.bodies("mine").size(), 1U);
}

TEST(Wiring, what_a_full_log_refused_is_no_repetition_when_it_is_published_again) {
    Outside world;
    ASSERT_TRUE(world.queues->admin().create(ports::QueueName("mine.fifo"), ports::QueueKind::fifo,
                                             {}, ports::QueueOwner::caller));
    auto const topic = world.wiring->create_topic("t.fifo", {{"FifoTopic", "true"}}, {});
    ASSERT_TRUE(topic);
    ASSERT_TRUE(world.wiring->subscribe(
        {*topic, "sqs", arn("sqs", "mine.fifo"), {{"RawMessageDelivery", "true"}}}));
    auto const publish = [&](std::string const& id) {
        ports::TopicMessage message;
        message.body = id;
        message.group_id = "g";
        message.deduplication_id = id;
        return world.wiring->publish(*topic, std::span(&message, 1));
    };
    ASSERT_TRUE(publish("first"));
    world.log.left = ports::Room::last;
    EXPECT_EQ(world.fault_of(publish("second")), MessagingFault::unavailable);
    world.log.left = ports::Room::ample;
    ASSERT_TRUE(publish("second"));
    ASSERT_TRUE(publish("first"));
    ASSERT_TRUE(publish("second"));
    ASSERT_TRUE(publish("third"));
    Bodies bodies;
    for (int i = 0; i < 3; ++i) // one group: the next comes when the one before is settled
        for (auto const& message : world.receive("mine.fifo")) {
            bodies.push_back(message.body);
            ports::Settlement const settled{message.receipt};
            ASSERT_TRUE(world.queues->queue().settle(ports::QueueName("mine.fifo"),
                                                     std::span(&settled, 1)));
        }
    EXPECT_EQ(bodies, (Bodies{"first", "second", "third"}));
}

TEST(Wiring, what_the_disk_does_not_confirm_is_not_answered_as_done) {
    Outside world;
    world.is_disk_dead = true;
    EXPECT_EQ(world.fault_of(world.put("{}")), MessagingFault::unavailable);
    EXPECT_EQ(world.fault_of(world.wiring->create_topic("t", {}, {})), MessagingFault::unavailable);
    world.is_disk_dead = false;
    world.start();
    EXPECT_EQ(world.wiring->list_topics({})->items.size(), 2U) << "those of the topology";
}

TEST(Wiring, a_repetition_is_not_answered_before_what_it_repeats_is_durable) {
    Outside world;
    ASSERT_TRUE(world.queues->admin().create(ports::QueueName("mine.fifo"), ports::QueueKind::fifo,
                                             {}, ports::QueueOwner::caller));
    auto const topic = world.wiring->create_topic("t.fifo", {{"FifoTopic", "true"}}, {}).value();
    ASSERT_TRUE(world.wiring->subscribe({topic, "sqs", arn("sqs", "mine.fifo"), {}}));
    ports::TopicMessage message;
    message.body = "once";
    message.group_id = "g";
    message.deduplication_id = "d";
    auto const publish = [&] { return world.wiring->publish(topic, std::span(&message, 1)); };
    world.is_disk_dead = true;
    EXPECT_EQ(world.fault_of(publish()), MessagingFault::unavailable);
    EXPECT_EQ(world.fault_of(publish()), MessagingFault::unavailable);
    world.is_disk_dead = false;
    ASSERT_TRUE(publish());
    EXPECT_EQ(world.bodies("mine.fifo").size(), 1U);
}

TEST(Wiring, who_asks_for_what_stands_gets_it_at_once_and_nothing_is_written) {
    Outside world;
    auto const topic = world.wiring->create_topic("t", {{"DisplayName", "T"}}, {}).value();
    ports::SubscriptionWish const wish{
        topic, "sqs", arn("sqs", "mine"), {{"RawMessageDelivery", "true"}}};
    auto const made = world.wiring->subscribe(wish).value();
    auto const size = world.log_size();
    world.is_disk_dead = true; // nobody waits for it
    EXPECT_EQ(world.wiring->create_topic("t", {{"DisplayName", "T"}}, {}).value(), topic);
    EXPECT_EQ(world.wiring->create_topic("t", {}, {}).value(), topic);
    EXPECT_EQ(world.wiring->subscribe(wish)->arn, made.arn);
    EXPECT_TRUE(world.wiring->delete_topic(arn("sns", "none")));
    EXPECT_TRUE(world.wiring->unsubscribe(topic + ":none"));
    EXPECT_TRUE(world.wiring->delete_rule("default", "none"));
    EXPECT_TRUE(world.wiring->delete_event_bus("none"));
    world.is_disk_dead = false;
    ASSERT_TRUE(world.queues->do_work({100}));
    EXPECT_EQ(world.log_size(), size);
}

TEST(Wiring, what_stands_and_is_not_yet_kept_is_waited_for_by_whoever_asks_for_it_again) {
    Outside world;
    world.log.left = ports::Room::last;
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(world.fault_of(world.wiring->create_topic("t", {}, {})),
                  MessagingFault::unavailable);
    world.log.left = ports::Room::ample;
    auto const topic = world.wiring->create_topic("t", {}, {});
    ASSERT_TRUE(topic);
    world.start();
    EXPECT_TRUE(world.wiring->get_topic_attributes(*topic));
}

struct Fifo : Outside {
    Fifo() {
        make_queue("mine");
        make_topic();
    }
    void make_topic() {
        topic = wiring->create_topic("t.fifo", {{"FifoTopic", "true"}}, {}).value();
        ASSERT_TRUE(wiring->subscribe(
            {topic, "sqs", arn("sqs", "mine"), {{"RawMessageDelivery", "true"}}}));
    }
    ports::Published publish(std::string const& id) {
        ports::TopicMessage message;
        message.body = id;
        message.group_id = "g";
        message.deduplication_id = id;
        auto const published = wiring->publish(topic, std::span(&message, 1));
        EXPECT_TRUE(published && published->front());
        return published->front().value();
    }
    /// Into the queue, since the last look.
    Bodies came() {
        Bodies came;
        for (auto const& message : receive("mine")) {
            came.push_back(message.body);
            ports::Settlement const settled{message.receipt};
            EXPECT_TRUE(queues->queue().settle(ports::QueueName("mine"), std::span(&settled, 1)));
        }
        EXPECT_TRUE(queues->do_work({100}));
        return came;
    }

    std::string topic;
};

TEST(Wiring, what_a_fifo_topic_took_is_a_repetition_after_restarts_too_for_five_minutes) {
    Fifo world;
    auto const first = world.publish("a");
    EXPECT_EQ(world.came(), Bodies{"a"});
    for (int restarts = 0; restarts < 2; ++restarts) {
        world.start();
        world.clock.pass(Duration::minutes(2));
        EXPECT_EQ(world.publish("a"), first);
        EXPECT_EQ(world.came(), Bodies{});
    }
    auto const second = world.publish("b");
    EXPECT_GT(second.sequence_number, first.sequence_number);
    EXPECT_EQ(world.came(), Bodies{"b"});
    world.clock.pass(Duration::minutes(1) + Duration::seconds(1));
    world.start();
    EXPECT_GT(world.publish("a").sequence_number, second.sequence_number);
    EXPECT_EQ(world.publish("b"), second);
    EXPECT_EQ(world.came(), Bodies{"a"}) << "five minutes have passed for it alone";
}

TEST(Wiring, what_nobody_had_subscribed_to_is_a_repetition_all_the_same) {
    Fifo world;
    auto const subscriptions = world.wiring->list_subscriptions(world.topic, {});
    ASSERT_TRUE(world.wiring->unsubscribe(subscriptions->items.at(0).arn));
    world.publish("a");
    world.start();
    world.make_topic(); // it stands: subscribes again
    world.publish("a");
    EXPECT_EQ(world.came(), Bodies{});
}

TEST(Wiring, a_fifo_topic_of_the_same_name_has_taken_nothing_yet) {
    Fifo world;
    world.publish("a");
    EXPECT_EQ(world.came(), Bodies{"a"});
    ASSERT_TRUE(world.wiring->delete_topic(world.topic));
    world.make_topic();
    world.publish("b");
    world.start();
    world.publish("a");
    world.publish("b");
    EXPECT_EQ(world.came(), (Bodies{"b", "a"}));
}

TEST(Wiring, a_dead_letter_that_is_full_of_its_message_says_no_more) {
    Outside world;
    world.make_queue("mine");
    world.make_queue("dead");
    auto const topic =
        world.wiring->create_topic("t", {{"MaximumMessageSize", "1048576"}}, {}).value();
    auto const policy = R"({"deadLetterTargetArn":")" + arn("sqs", "dead") + "\"}";
    ASSERT_TRUE(
        world.wiring->subscribe({topic, "sqs", arn("sqs", "mine"), {{"RedrivePolicy", policy}}}));
    ports::TopicMessage message{.body = std::string(1'048'576, 'x')};
    ASSERT_TRUE(world.wiring->publish(topic, std::span(&message, 1)));
    world.route();
    EXPECT_EQ(world.bodies("mine"), Bodies{});
    EXPECT_EQ(world.bodies("dead"), Bodies{message.body});
}

TEST(Wiring, nothing_is_handed_to_the_queue_of_somebodys_endpoint) {
    Outside world;
    auto const topic = world.wiring->create_topic("t", {}, {}).value();
    auto const endpoint = arn("sqs", "sns-endpoint-1");
    auto const policy = R"({"deadLetterTargetArn":")" + endpoint + "\"}";
    EXPECT_EQ(world.fault_of(world.wiring->subscribe({topic, "sqs", endpoint, {}})),
              MessagingFault::invalid);
    EXPECT_EQ(world.fault_of(world.wiring->subscribe(
                  {topic, "sqs", arn("sqs", "mine"), {{"RedrivePolicy", policy}}})),
              MessagingFault::invalid);
    auto const mine = world.wiring->subscribe({topic, "sqs", arn("sqs", "mine"), {}}).value();
    EXPECT_EQ(world.fault_of(
                  world.wiring->change_subscription(mine.arn, {{{"RedrivePolicy", policy}}, {}})),
              MessagingFault::invalid);
    ASSERT_TRUE(world.wiring->put_rule({.name = "r", .bus = "default", .pattern = from_app}, {}));
    ports::TargetDescription target{.id = "t", .arn = endpoint};
    auto const failed = world.wiring->put_targets("default", "r", std::span(&target, 1));
    ASSERT_TRUE(failed && failed->size() == 1);
    EXPECT_EQ(failed->at(0).code, "ValidationException");
    target.arn = arn("sqs", "mine");
    target.dead_letter_arn = endpoint;
    EXPECT_EQ(world.fault_of(world.wiring->put_targets("default", "r", std::span(&target, 1))),
              MessagingFault::invalid);
}

constexpr auto other_topics = std::to_array<topology::Topic>({{"other"}});
constexpr topology::Topology other_release{"other-bus", "archive", 90, {}, {}, {},     other_topics,
                                           {},          {},        {}, {}, {}, "other"};

TEST(Wiring, what_a_newer_topology_has_no_room_for_is_left_out_and_named) {
    Outside world;
    world.make_queue("mine");
    auto const lost_topic = arn("sns", "order-notifications");
    auto const lost = world.wiring->subscribe({lost_topic, "sqs", arn("sqs", "mine"), {}}).value();
    auto const lost_rule = arn("events", "rule/ecommerce-platform/lost");
    ASSERT_TRUE(world.wiring->put_rule(
        {.name = "lost", .bus = "ecommerce-platform", .pattern = from_app}, {{"k", "v"}}));
    ASSERT_TRUE(world.wiring->create_topic("other", {}, {}));
    ASSERT_TRUE(
        world.wiring->set_topic_attribute(arn("sns", "other"), "DisplayName", "mine, once"));
    world.make_rule("kept", from_app, arn("sqs", "mine"));
    world.topology = &other_release;
    for (int starts = 0; starts < 2; ++starts) {
        world.start();
        std::map<std::string, std::string> skipped;
        for (auto const& [what, why] : world.router->skipped())
            skipped.emplace(what, why.why);
        std::map<std::string, std::string> const expected{
            {"rule lost of bus ecommerce-platform", "Event bus ecommerce-platform does not exist."},
            {"subscription " + lost.arn, "Topic does not exist"},
            {"topic other", "other belongs to the topology: change it there."}};
        for (auto const& [what, why] : expected) {
            ASSERT_TRUE(skipped.contains(what)) << what;
            EXPECT_NE(skipped.at(what).find(why), std::string::npos) << skipped.at(what);
        }
        EXPECT_EQ(skipped.size(), expected.size());
        EXPECT_EQ(world.router->skipped_wiring(), expected.size());
    }
    ASSERT_TRUE(world.put("{}"));
    world.route();
    EXPECT_EQ(world.bodies("mine").size(), 1U);
    ASSERT_TRUE(world.wiring->delete_rule("ecommerce-platform", "lost"));
    ASSERT_TRUE(world.wiring->unsubscribe(lost.arn));
    EXPECT_EQ(world.router->skipped_wiring(), 1U);
    world.start();
    EXPECT_EQ(world.router->skipped_wiring(), 1U) << "who deleted it is not told of it again";
}

TEST(Wiring, of_what_can_be_made_no_more_the_former_self_does_not_stand_either) {
    Outside world;
    world.make_queue("mine");
    world.make_queue("other");
    world.make_rule("r", from_app, arn("sqs", "mine"));
    world.make_rule("s", from_app, arn("sqs", "mine"));
    auto const write = [&](process::Event const& fact) {
        hosting::Companion made{wiring_stream(), {}, {}};
        made.type = codec::encode(fact, made.payload);
        ASSERT_TRUE(world.queues->send_with(std::span(&made, 1), 0, [](auto const&) {}));
        ASSERT_TRUE(world.queues->do_work({1}));
    };
    write(process::RulePut{"default", "r", R"({"source":"app"})", true, {}, {}, {}});
    process::Target gone{};
    gone.id = "gone";
    gone.arn = arn("lambda", "f");
    process::Target kept{};
    kept.id = "kept";
    kept.arn = arn("sqs", "other");
    write(process::RulePut{"default", "s", from_app, true, {}, {}, {gone, kept}});
    world.start();
    EXPECT_EQ(world.fault_of(world.wiring->describe_rule("default", "r")),
              MessagingFault::not_found);
    EXPECT_EQ(world.wiring->list_targets_by_rule("default", "s", {})->items.size(), 1U);
    EXPECT_EQ(world.router->skipped_wiring(), 2U);
    ASSERT_TRUE(world.put("{}"));
    world.route();
    EXPECT_EQ(world.bodies("mine"), Bodies{});
    EXPECT_EQ(world.bodies("other").size(), 1U);
    world.make_rule("r", from_app, arn("sqs", "mine"));
    world.start();
    EXPECT_EQ(world.router->skipped_wiring(), 1U);
}

} // namespace
} // namespace kontor::router
