#include "platform/messaging/queues/queue_world.hpp"

#include "platform/messaging/queues/limits.hpp"

namespace kontor::queues {
namespace {

using ports::QueueError;

TEST(Group, nothing_later_is_handed_out_while_something_is_in_flight) {
    QueueWorld world;
    world.create("work.fifo");
    for (auto const* body : {"a1", "a2", "a3"})
        world.send("work.fifo", body, "a").value();
    world.send("work.fifo", "b1", "b").value();
    EXPECT_EQ(world.receive("work.fifo", 1), Bodies{"a1"});
    auto const first = world.received;
    EXPECT_EQ(world.receive("work.fifo", 10), Bodies{"b1"});
    world.received = first;
    world.settle_all("work.fifo");
    EXPECT_EQ(world.receive("work.fifo", 10), (Bodies{"a2", "a3"}));
}

TEST(Group, one_receive_may_take_several_of_a_group_in_sequence) {
    QueueWorld world;
    world.create("work.fifo");
    for (auto const* body : {"a1", "a2", "a3"})
        world.send("work.fifo", body, "a").value();
    EXPECT_EQ(world.receive("work.fifo", 2), (Bodies{"a1", "a2"}));
    EXPECT_EQ(world.receive("work.fifo", 2), Bodies{});
    world.pass(Duration::seconds(30));
    EXPECT_EQ(world.receive("work.fifo", 10), (Bodies{"a1", "a2", "a3"}));
}

TEST(Group, a_group_waits_until_all_that_was_taken_is_settled) {
    QueueWorld world;
    world.create("work.fifo");
    for (auto const* body : {"a1", "a2", "a3"})
        world.send("work.fifo", body, "a").value();
    world.receive("work.fifo", 2);
    world.settle("work.fifo", world.received[1].receipt).value();
    auto const first = world.received[0].receipt;
    EXPECT_EQ(world.receive("work.fifo"), Bodies{});
    world.settle("work.fifo", first).value();
    EXPECT_EQ(world.receive("work.fifo"), Bodies{"a3"});
}

TEST(Group, an_expired_receipt_of_a_fifo_queue_is_refused) {
    QueueWorld world;
    world.create("work.fifo");
    world.send("work.fifo", "a1", "a").value();
    world.receive("work.fifo");
    auto const receipt = world.received.front().receipt;
    world.pass(Duration::seconds(30));
    EXPECT_EQ(world.settle("work.fifo", receipt).error().error,
              QueueError::invalid_parameter_value);
    EXPECT_EQ(world.receive("work.fifo"), Bodies{"a1"});
}

TEST(Deduplication, a_repetition_within_the_window_gets_the_first_ones_id) {
    QueueWorld world;
    world.create("work.fifo");
    auto const first = world.send("work.fifo", "a", "g").value();
    EXPECT_FALSE(first.is_duplicate);
    auto again = world.send("work.fifo", "a", "g").value();
    EXPECT_TRUE(again.is_duplicate);
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.sequence, first.sequence);
    EXPECT_EQ(world.drain("work.fifo"), Bodies{"a"});
    world.pass(Duration::seconds(299));
    EXPECT_TRUE(world.send("work.fifo", "a", "g")->is_duplicate) << "after it was settled too";
    world.pass(Duration::seconds(1));
    EXPECT_FALSE(world.send("work.fifo", "a", "g")->is_duplicate);
}

TEST(Deduplication, the_scope_is_the_queue_or_the_group) {
    QueueWorld world;
    world.create("queue.fifo");
    ports::QueueChange change;
    change.deduplication_scope = ports::DeduplicationScope::message_group;
    world.create("group.fifo", change);
    for (auto const* name : {"queue.fifo", "group.fifo"})
        world.send(name, "a", "g").value();
    EXPECT_TRUE(world.send("queue.fifo", "a", "h")->is_duplicate);
    EXPECT_FALSE(world.send("group.fifo", "a", "h")->is_duplicate);
}

TEST(Deduplication, a_body_may_be_its_own_id) {
    QueueWorld world;
    ports::QueueChange change;
    change.deduplicates_by_content = true;
    world.create("work.fifo", change);
    ports::OutgoingMessage const message{.body = "same", .group_id = "g"};
    world.send("work.fifo", message).value();
    EXPECT_TRUE(world.send("work.fifo", message)->is_duplicate);
    world.receive("work.fifo");
    EXPECT_EQ(world.received.front().deduplication_id,
              "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5");
    world.create("strict.fifo");
    EXPECT_EQ(world.send("strict.fifo", message).error().error,
              QueueError::invalid_parameter_value);
}

TEST(Attempt, the_same_attempt_gets_the_same_receipts) {
    QueueWorld world;
    world.create("work.fifo");
    world.send("work.fifo", "a1", "a").value();
    world.send("work.fifo", "b1", "b").value();
    world.receive("work.fifo", 1, {}, "try-1");
    auto const first = world.received;
    world.pass(Duration::seconds(10));
    EXPECT_EQ(world.receive("work.fifo", 1, {}, "try-1"), Bodies{"a1"});
    EXPECT_EQ(world.received, first);
    world.settle_all("work.fifo");
    EXPECT_EQ(world.receive("work.fifo", 1, {}, "try-1"), Bodies{"b1"});
}

TEST(Attempt, after_an_extension_or_the_window_it_is_a_new_one) {
    QueueWorld world;
    world.create("work.fifo");
    world.send("work.fifo", "a1", "a").value();
    world.receive("work.fifo", 1, Duration::hours(1), "try-1");
    auto const receipt = world.received.front().receipt;
    world.extend("work.fifo", receipt, Duration::hours(2)).value();
    EXPECT_EQ(world.receive("work.fifo", 1, {}, "try-1"), Bodies{});
    world.send("work.fifo", "b1", "b").value();
    world.receive("work.fifo", 1, Duration::hours(1), "try-2");
    world.pass(deduplication_window);
    EXPECT_EQ(world.receive("work.fifo", 1, {}, "try-2"), Bodies{});
}

TEST(Group, a_hundred_thousand_groups_take_turns) {
    QueueWorld world;
    world.create("work.fifo");
    constexpr std::size_t groups = 100'000;
    ports::QueueName const work("work.fifo");
    std::vector<ports::OutgoingMessage> batch;
    for (std::size_t i = 0; i < groups; ++i) {
        auto const name = std::to_string(i);
        batch.push_back({.body = name, .group_id = name, .deduplication_id = name});
        if (batch.size() == 1000) {
            ASSERT_TRUE(world.queues.send(work, {}, batch, world.now));
            batch.clear();
        }
    }
    for (std::size_t i = 0; i < groups; i += 1000)
        ASSERT_EQ(world.queues.receive(work, {1000}, world.now)->messages.size(), 1000U);
    EXPECT_EQ(world.depth("work.fifo").in_flight, groups);
    EXPECT_TRUE(world.queues.is_whole());
}

} // namespace
} // namespace kontor::queues
