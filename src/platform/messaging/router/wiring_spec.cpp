#include "platform/messaging/router/router_world.hpp"

#include "platform/messaging/router/wiring.hpp"

namespace kontor::router {
namespace {

using Bodies = std::vector<std::string>;
using ports::MessagingFault;

std::string arn(std::string const& service, std::string const& name) {
    return "arn:aws:" + service + ":us-east-1:000000000000:" + name;
}

/// A shop whose bus and topics somebody from outside uses, until it crashes.
struct Outside : RouterWorld {
    Outside() { start(); }

    /// What was not yet in the log is gone.
    void start() {
        wiring.reset();
        open();
        wiring.emplace(*router, *queues, clock, Random(++starts), [this](std::size_t turns) {
            return !is_disk_dead && turns < 10 && queues->do_work({100}).has_value();
        });
    }
    void make_queue(std::string const& name) {
        ASSERT_TRUE(queues->admin().create(ports::QueueName(name), ports::QueueKind::standard, {},
                                           ports::QueueOwner::caller));
    }
    void make_rule(std::string const& name, std::string const& pattern, std::string const& target) {
        ASSERT_TRUE(wiring->put_rule({.name = name, .bus = "default", .pattern = pattern}, {}));
        ports::TargetDescription wanted{.id = "t", .arn = target};
        wanted.retry = {3, 60};
        auto const failed = wiring->put_targets("default", name, std::span(&wanted, 1));
        ASSERT_TRUE(failed && failed->empty());
    }
    Heard<std::vector<ports::EntryOutcome>> put(std::string const& detail,
                                                std::string const& source = "app") {
        ports::EventEntry const entry{.source = source, .detail_type = "t", .detail = detail};
        return wiring->put_events(std::span(&entry, 1), ports::EventOrigin::outside);
    }
    MessagingFault fault_of(auto const& heard) {
        EXPECT_FALSE(heard.has_value());
        return heard ? MessagingFault::not_found : heard.error().fault;
    }

    bool is_disk_dead{false};
    std::uint64_t starts{0};
    std::optional<Wiring> wiring;
};

std::string const from_app = R"({"source":["app"]})";

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
    ASSERT_TRUE(world.wiring->set_subscription_attribute(kept.arn, "RawMessageDelivery", "true"));
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
    for (auto const* const protocol : {"https", "email"})
        EXPECT_EQ(world.fault_of(world.wiring->subscribe({topic, protocol, "x@y", {}})),
                  MessagingFault::unsupported);
    EXPECT_EQ(world.wiring->list_subscriptions(topic, {})->items.size(), 0U);
    ASSERT_TRUE(world.wiring->put_rule({.name = "r", .bus = "default", .pattern = from_app}, {}));
    ports::TargetDescription const outside{.id = "t", .arn = arn("events", "api-destination/x")};
    auto const failed = world.wiring->put_targets("default", "r", std::span(&outside, 1));
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->at(0).id, "t");
    EXPECT_EQ(world.fault_of(world.wiring->create_archive({})), MessagingFault::unsupported);
    EXPECT_EQ(world.fault_of(world.wiring->start_replay({})), MessagingFault::unsupported);
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

} // namespace
} // namespace kontor::router
