#include "platform/messaging/router/sorting_office.hpp"

#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::router {
namespace {

Instant const noon = Instant::from_unix_microseconds(1'764'180'000'000'000);

std::string arn(std::string const& service, std::string const& name) {
    return "arn:aws:" + service + ":us-east-1:000000000000:" + name;
}

/// A bus with rules of its own beside the shop's.
struct Office {
    SortingOffice office{ports::CloudPlace{}, Random(7)};

    Office() { office.adopt(topology::shop, noon); }

    void add_rule(std::string const& name, std::string const& pattern, std::string const& target,
                  std::string const& dead_letters = "", std::string const& bus = "mine") {
        auto& rules = office.rules();
        if (!rules.has_bus(bus)) {
            ASSERT_TRUE(rules.create_bus({bus}, {}, noon));
        }
        ASSERT_TRUE(rules.put_rule({name, bus, pattern}, {}));
        ports::TargetDescription wanted{"t", target};
        wanted.dead_letter_arn = dead_letters;
        wanted.message_group_id = "g";
        auto const failed = rules.put_targets(bus, name, std::span(&wanted, 1));
        ASSERT_TRUE(failed && failed->empty());
    }
    bus::BusEvent event(std::string const& bus, std::string const& source, std::string const& type,
                        std::string const& detail = "{}") const {
        bus::BusEvent made;
        made.id = "e-1";
        made.bus = bus;
        made.envelope = R"({"version":"0","id":"e-1","detail-type":")" + type + R"(","source":")" +
                        source +
                        R"(","account":"000000000000","time":"2025-11-26T18:00:00Z",)"
                        R"("region":"us-east-1","resources":["order-1"],"detail":)" +
                        detail + "}";
        made.time = made.ingested = noon;
        return made;
    }
    std::vector<Letter> sort(std::string const& bus, std::string const& source,
                             std::string const& type, std::string const& detail = "{}") {
        return office.sort(event(bus, source, type, detail), noon);
    }
    /// "queue queue", in the sequence of the letters.
    static std::string queues_of(std::vector<Letter> const& letters) {
        std::string names;
        for (auto const& each : letters)
            names += (names.empty() ? "" : " ") + std::string(each.queue.view());
        return names;
    }
};

std::string const any_source = R"({"source":[{"prefix":""}]})";
std::string const by_a_customer =
    R"({"metadata":{"actor_kind":"customer","correlation_id":"ord_1","id":"evt_1"}})";

std::string attribute(Letter const& letter, std::string_view name) {
    auto const found =
        std::ranges::find(letter.message.attributes, name, &ports::MessageAttribute::name);
    return found == letter.message.attributes.end() ? "" : found->value;
}

TEST(SortingOffice, a_confirmed_order_is_a_notice_as_the_topology_words_it) {
    Office world;
    auto const letters =
        world.sort("ecommerce-platform", "kontor.order", "order.confirmed", by_a_customer);
    ASSERT_EQ(Office::queues_of(letters), "notifications");
    EXPECT_EQ(letters[0].message.body,
              R"({"kind":"order.confirmed","order":"ord_1","stream":"order-1",)"
              R"("at":"2025-11-26T18:00:00Z","id":"evt_1"})");
    EXPECT_TRUE(letters[0].message.attributes.empty());
}

TEST(SortingOffice, a_replay_tells_subscribers_again_and_no_buyer) {
    Office world;
    auto event =
        world.event("ecommerce-platform", "kontor.order", "order.confirmed", by_a_customer);
    ASSERT_TRUE(world.office.topics().subscribe(
        {arn("sns", "order-notifications"), "sqs", arn("sqs", "mine"), {}}, noon));
    EXPECT_EQ(Office::queues_of(world.office.sort(event, noon)), "notifications mine");

    event.replay = "again";
    auto const letters = world.office.sort(event, noon);
    ASSERT_EQ(Office::queues_of(letters), "mine");
    EXPECT_NE(letters[0].message.body.find(R"(\"replay\":\"again\")"), std::string::npos)
        << letters[0].message.body;
}

TEST(SortingOffice, what_no_subscription_wants_goes_nowhere) {
    Office world;
    EXPECT_EQ(Office::queues_of(
                  world.sort("ecommerce-platform", "kontor.order", "order.placed", by_a_customer)),
              "");
    EXPECT_EQ(world.office.counts().deliveries, 1U);
    EXPECT_EQ(world.office.counts().lost, 0U);
}

TEST(SortingOffice, a_queue_as_target_gets_the_whole_event) {
    Office world;
    auto const letters =
        world.sort("ecommerce-platform", "kontor.payment", "payment.declined", by_a_customer);
    ASSERT_EQ(Office::queues_of(letters), "analytics");
    EXPECT_TRUE(letters[0].message.body.starts_with(R"({"version":"0","id":"e-1")"));
}

TEST(SortingOffice, an_enveloped_subscription_gets_an_envelope_that_is_signed) {
    std::string signed_text;
    Signing signing{[&](std::string_view text, std::uint32_t) {
                        signed_text = text;
                        return std::string("S");
                    },
                    {"http://here/sns/a.pem", "http://here"}};
    SortingOffice office(ports::CloudPlace{}, Random(7), signing);
    ASSERT_TRUE(office.topics().create_topic("t", {}, {}));
    ASSERT_TRUE(office.topics().subscribe({arn("sns", "t"), "sqs", arn("sqs", "q"), {}}, noon));
    ASSERT_TRUE(office.rules().put_rule({"r", "default", any_source}, {}));
    ports::TargetDescription const target{"t", arn("sns", "t")};
    ASSERT_TRUE(office.rules().put_targets("default", "r", std::span(&target, 1)));
    Office const words;
    auto const letters = office.sort(words.event("default", "x", "y"), noon);
    ASSERT_EQ(Office::queues_of(letters), "q");
    EXPECT_NE(letters[0].message.body.find(R"("Signature":"S")"), std::string::npos);
    EXPECT_NE(letters[0].message.body.find(R"("TopicArn":"arn:aws:sns:us-east-1:000000000000:t")"),
              std::string::npos);
    EXPECT_TRUE(signed_text.starts_with("Message\n"));
}

TEST(SortingOffice, a_fifo_queue_tells_the_events_of_two_rules_apart) {
    Office world;
    world.add_rule("one", any_source, arn("sqs", "work.fifo"));
    world.add_rule("two", any_source, arn("sqs", "work.fifo"));
    auto const letters = world.sort("mine", "x", "y");
    ASSERT_EQ(Office::queues_of(letters), "work.fifo work.fifo");
    EXPECT_EQ(letters[0].message.group_id, "g");
    EXPECT_TRUE(letters[0].message.deduplication_id.starts_with("e-1."));
    EXPECT_NE(letters[0].message.deduplication_id, letters[1].message.deduplication_id);
    EXPECT_EQ(world.sort("mine", "x", "y")[0].message.deduplication_id,
              letters[0].message.deduplication_id);
}

TEST(SortingOffice, a_fifo_queue_tells_two_targets_of_a_rule_apart) {
    Office world;
    world.add_rule("one", any_source, arn("sqs", "work.fifo"));
    ports::TargetDescription second{"another", arn("sqs", "work.fifo")};
    second.message_group_id = "g";
    ASSERT_TRUE(world.office.rules().put_targets("mine", "one", std::span(&second, 1)));
    auto const letters = world.sort("mine", "x", "y");
    ASSERT_EQ(Office::queues_of(letters), "work.fifo work.fifo");
    EXPECT_NE(letters[0].message.deduplication_id, letters[1].message.deduplication_id);
}

TEST(SortingOffice, a_fifo_queue_tells_rules_of_one_name_on_two_buses_apart) {
    Office world;
    world.add_rule("one", any_source, arn("sqs", "work.fifo"), "", "mine");
    world.add_rule("one", any_source, arn("sqs", "work.fifo"), "", "yours");
    auto const mine = world.sort("mine", "x", "y");
    auto const yours = world.sort("yours", "x", "y");
    ASSERT_EQ(Office::queues_of(mine), "work.fifo");
    ASSERT_EQ(Office::queues_of(yours), "work.fifo");
    EXPECT_NE(mine[0].message.deduplication_id, yours[0].message.deduplication_id);
}

TEST(SortingOffice, a_target_that_is_not_there_makes_a_dead_letter) {
    Office world;
    world.add_rule("lost", any_source, arn("sns", "nowhere"), arn("sqs", "dead-letter"));
    auto const letters = world.sort("mine", "x", "y");
    ASSERT_EQ(Office::queues_of(letters), "dead-letter");
    EXPECT_EQ(attribute(letters[0], "ERROR_CODE"), "NO_RESOURCE");
    EXPECT_EQ(attribute(letters[0], "TARGET_ARN"), arn("sns", "nowhere"));
    EXPECT_EQ(world.office.counts().dead, 1U);
}

TEST(SortingOffice, a_target_of_somebody_else_makes_a_dead_letter) {
    Office world;
    world.add_rule("far", any_source, "arn:aws:sqs:eu-west-1:000000000000:q",
                   arn("sqs", "dead-letter"));
    auto const letters = world.sort("mine", "x", "y");
    ASSERT_EQ(Office::queues_of(letters), "dead-letter");
    EXPECT_EQ(attribute(letters[0], "ERROR_CODE"), "NO_RESOURCE");
}

TEST(SortingOffice, what_has_no_dead_letter_queue_is_lost_and_counted) {
    Office world;
    world.add_rule("lost", any_source, arn("sns", "nowhere"));
    EXPECT_TRUE(world.sort("mine", "x", "y").empty());
    EXPECT_EQ(world.office.counts().lost, 1U);
}

TEST(SortingOffice, a_letter_that_a_queue_refuses_becomes_a_dead_letter_with_its_body) {
    Office world;
    auto letters =
        world.sort("ecommerce-platform", "kontor.payment", "payment.declined", by_a_customer);
    auto const body = letters.at(0).message.body;
    auto const dead = world.office.dead_letter_of(
        letters[0], {ports::QueueError::queue_does_not_exist, "The queue does not exist."});
    ASSERT_TRUE(dead.has_value());
    EXPECT_EQ(dead->queue.view(), "dead-letter");
    EXPECT_EQ(dead->message.body, body);
    EXPECT_EQ(attribute(*dead, "ERROR_CODE"), "NO_RESOURCE");
    EXPECT_EQ(attribute(*dead, "ERROR_MESSAGE"), "The queue does not exist.");
    EXPECT_FALSE(world.office.dead_letter_of(*dead, {ports::QueueError::over_limit, "full"}));
    EXPECT_EQ(world.office.counts().lost, 1U);
}

TEST(SortingOffice, a_notice_that_a_queue_refuses_goes_to_its_subscriptions_dead_letters) {
    Office world;
    auto letters =
        world.sort("ecommerce-platform", "kontor.order", "order.confirmed", by_a_customer);
    auto const dead = world.office.dead_letter_of(
        letters.at(0), {ports::QueueError::queue_does_not_exist, "The queue does not exist."});
    ASSERT_TRUE(dead.has_value());
    EXPECT_EQ(dead->queue.view(), "dead-letter");
    EXPECT_EQ(attribute(*dead, "TOPIC_ARN"), arn("sns", "order-notifications"));
    EXPECT_EQ(attribute(*dead, "ERROR_CODE"), "NO_RESOURCE");
}

TEST(SortingOffice, from_bus_to_bus_an_event_goes_so_far_and_no_farther) {
    Office world;
    world.add_rule("round", any_source, arn("events", "event-bus/mine"), arn("sqs", "dead-letter"));
    auto const letters = world.sort("mine", "x", "y");
    ASSERT_EQ(Office::queues_of(letters), "dead-letter");
    EXPECT_EQ(attribute(letters[0], "ERROR_CODE"), "TOO_MANY_HOPS");
    EXPECT_EQ(world.office.counts().deliveries, 5U);
}

} // namespace
} // namespace kontor::router
