#include "topology/shop.hpp"

#include <gtest/gtest.h>

namespace kontor::topology {
namespace {

/// The shop's topology with one thing changed.
struct Changed {
    std::vector<Queue> queues{shop_queues.begin(), shop_queues.end()};
    std::vector<Rule> rules{shop_rules.begin(), shop_rules.end()};
    std::vector<Topic> topics{shop_topics.begin(), shop_topics.end()};
    std::vector<Subscription> subscriptions{shop_subscriptions.begin(), shop_subscriptions.end()};
    std::vector<Table> tables{shop_tables.begin(), shop_tables.end()};
    std::vector<Stream> streams{shop_streams.begin(), shop_streams.end()};
    std::vector<Alarm> alarms{shop_alarms.begin(), shop_alarms.end()};
    std::vector<Target> targets{shop_rules.front().targets.begin(),
                                shop_rules.front().targets.end()};

    Queue& queue(Text name) {
        return *std::find_if(queues.begin(), queues.end(),
                             [&](auto const& each) { return each.name == name; });
    }
    Unsound unsound() {
        if (!rules.empty())
            rules.front().targets = targets;
        auto all = shop;
        all.queues = queues;
        all.rules = rules;
        all.topics = topics;
        all.subscriptions = subscriptions;
        all.tables = tables;
        all.streams = streams;
        all.alarms = alarms;
        return topology::unsound(all);
    }
};

TEST(Topology, the_shop_is_sound) {
    EXPECT_EQ(Changed().unsound(), Unsound::nothing);
}

TEST(Topology, a_queue_has_dead_letters_of_its_kind_that_keep_longer) {
    Changed none;
    none.queue("analytics").dead_letters = "";
    none.queue("analytics").receives_max = 0;
    EXPECT_EQ(none.unsound(), Unsound::no_dead_letters);
    Changed unknown;
    unknown.queue("analytics").dead_letters = "limbo";
    EXPECT_EQ(unknown.unsound(), Unsound::dead_letters_unknown);
    Changed other;
    other.queue("analytics").dead_letters = dead_letters_fifo;
    EXPECT_EQ(other.unsound(), Unsound::dead_letters_of_other);
    Changed circle;
    circle.queue("analytics").dead_letters = "notifications";
    EXPECT_EQ(circle.unsound(), Unsound::dead_letters_in_circle);
    Changed brief;
    brief.queue(dead_letters).retention_seconds = 345'600;
    EXPECT_EQ(brief.unsound(), Unsound::dead_letters_too_short);
}

TEST(Topology, a_queue_is_named_by_its_kind_and_once) {
    Changed fifo;
    fifo.queue("analytics").kind = QueueKind::fifo;
    EXPECT_EQ(fifo.unsound(), Unsound::queue_name);
    Changed twice;
    twice.queue("analytics").name = "notifications";
    EXPECT_EQ(twice.unsound(), Unsound::queue_twice);
    Changed groups;
    groups.queue("order-processing.fifo").group = "";
    EXPECT_EQ(groups.unsound(), Unsound::queue_name);
    Changed times;
    times.queue("analytics").receives_max = 0;
    EXPECT_EQ(times.unsound(), Unsound::queue_times);
}

TEST(Topology, a_target_is_there_and_its_failures_have_a_place) {
    Changed unknown;
    unknown.targets.front().name = "limbo";
    EXPECT_EQ(unknown.unsound(), Unsound::target_unknown);
    Changed fifo;
    fifo.targets.front().name = "order-processing.fifo";
    EXPECT_EQ(fifo.unsound(), Unsound::target_is_fifo);
    Changed lost;
    lost.targets.front().dead_letters = "";
    EXPECT_EQ(lost.unsound(), Unsound::target_without_dead_letters);
    Changed busy;
    busy.targets.front().dead_letters = "analytics";
    EXPECT_EQ(busy.unsound(), Unsound::target_without_dead_letters);
    Changed many;
    many.targets.assign(targets_of_rule_max + 1, many.targets.front());
    EXPECT_EQ(many.unsound(), Unsound::target_count);
    Changed idle;
    idle.targets.clear();
    EXPECT_EQ(idle.unsound(), Unsound::target_count);
    Changed eager;
    eager.targets.front().tries_max = 186;
    EXPECT_EQ(eager.unsound(), Unsound::target_retry);
}

TEST(Topology, rules_and_topics_have_names_of_their_own) {
    Changed rules;
    rules.rules[1].name = rules.rules[0].name;
    EXPECT_EQ(rules.unsound(), Unsound::rule_twice);
    Changed pattern;
    pattern.rules[1].pattern = "";
    EXPECT_EQ(pattern.unsound(), Unsound::rule_without_pattern);
    Changed topics;
    topics.topics.push_back(topics.topics.front());
    EXPECT_EQ(topics.unsound(), Unsound::topic_twice);
    Changed size;
    size.topics.front().message_bytes_max = 2'000'000;
    EXPECT_EQ(size.unsound(), Unsound::topic_size);
}

TEST(Topology, a_subscription_joins_what_is_there) {
    Changed unknown;
    unknown.subscriptions.front().topic = "limbo";
    EXPECT_EQ(unknown.unsound(), Unsound::subscription_unknown);
    Changed fifo;
    fifo.subscriptions.front().queue = "order-processing.fifo";
    EXPECT_EQ(fifo.unsound(), Unsound::subscription_is_fifo);
    Changed lost;
    lost.subscriptions.front().dead_letters = "";
    EXPECT_EQ(lost.unsound(), Unsound::subscription_without_dead_letters);
}

TEST(Topology, tables_and_streams_can_be_made) {
    Changed name;
    name.tables.front().name = "ev";
    EXPECT_EQ(name.unsound(), Unsound::table_name);
    Changed key;
    key.tables.front().partition_key.type = 'X';
    EXPECT_EQ(key.unsound(), Unsound::table_key);
    Changed partitions;
    partitions.streams.front().partitions = 0;
    EXPECT_EQ(partitions.unsound(), Unsound::stream_partitions);
    auto replicas = shop;
    replicas.stream_defaults.insync_replicas_min = 4;
    EXPECT_EQ(unsound(replicas), Unsound::stream_replicas);
}

TEST(Topology, somebody_is_told_of_every_dead_letter) {
    Changed unwatched;
    std::erase_if(unwatched.alarms, [](auto const& each) { return each.name == "dead-letters"; });
    EXPECT_EQ(unwatched.unsound(), Unsound::alarm_missing);
    Changed unknown;
    unknown.alarms.front().of = "limbo";
    EXPECT_EQ(unknown.unsound(), Unsound::alarm_unknown);
    Changed periods;
    periods.alarms.front().periods_wrong = 2;
    EXPECT_EQ(periods.unsound(), Unsound::alarm_periods);
    auto nobody = shop;
    nobody.alarm_topic = "limbo";
    EXPECT_EQ(unsound(nobody), Unsound::alarm_unknown);
}

/// What must never be, whatever else changes.
TEST(Topology, what_was_written_stays_and_who_was_forgotten_is_forgotten) {
    auto const find = [](Text name) {
        return *std::find_if(shop_tables.begin(), shop_tables.end(),
                             [&](auto const& each) { return each.name == name; });
    };
    EXPECT_TRUE(find("events").expires.empty());
    EXPECT_TRUE(find("events").is_protected);
    EXPECT_FALSE(find("subject-keys").has_recovery);
}

} // namespace
} // namespace kontor::topology
