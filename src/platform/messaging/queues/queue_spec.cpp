#include "platform/messaging/queues/queue_world.hpp"

#include "platform/messaging/queues/limits.hpp"

namespace kontor::queues {
namespace {

using ports::QueueError;
using ports::Settled;

TEST(Queue, what_was_sent_is_received_once_and_gone_when_settled) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    EXPECT_EQ(world.receive("work"), Bodies{"a"});
    EXPECT_EQ(world.receive("work"), Bodies{});
    world.pass(Duration::seconds(31));
    EXPECT_EQ(world.receive("work"), Bodies{"a"});
    world.settle_all("work");
    world.pass(Duration::hours(1));
    EXPECT_EQ(world.receive("work"), Bodies{});
    EXPECT_EQ(world.depth("work").settled, 1U);
}

TEST(Queue, the_oldest_comes_first_also_when_it_comes_again) {
    QueueWorld world;
    world.create("work");
    for (auto const* body : {"a", "b", "c"})
        world.send("work", body).value();
    EXPECT_EQ(world.receive("work", 2), (Bodies{"a", "b"}));
    world.pass(Duration::seconds(30));
    EXPECT_EQ(world.receive("work", 10), (Bodies{"a", "b", "c"}));
}

TEST(Queue, each_receive_counts_and_gives_a_new_receipt) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.receive("work");
    auto const first = world.received.front();
    auto const first_time = world.now;
    world.pass(Duration::seconds(40));
    world.receive("work");
    auto const second = world.received.front();
    EXPECT_NE(first.receipt, second.receipt);
    EXPECT_EQ(first.receive_count, 1U);
    EXPECT_EQ(second.receive_count, 2U);
    EXPECT_EQ(second.first_received_at, first_time);
    EXPECT_EQ(first.id, second.id);
}

TEST(Queue, it_counts_how_long_messages_wait_and_are_worked_on) {
    QueueWorld world;
    world.create("dead");
    world.create("work", dead_letters_in("dead", 5));
    for (auto const* body : {"a", "b"})
        world.send("work", body).value();
    world.pass(Duration::milliseconds(40));
    world.receive("work"); // both waited 40 ms
    world.pass(Duration::milliseconds(2));
    world.settle("work", world.received.front().receipt).value(); // worked on for 2 ms
    world.pass(Duration::seconds(38));
    world.receive("work"); // "b" comes again, 8 s and 2 ms after its 30 seconds were over
    world.send("dead", "by hand").value();
    auto const all = world.queues.figures(10, world.now);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_TRUE(all[0].has_dead_letters);
    EXPECT_FALSE(all[1].has_dead_letters);
    EXPECT_EQ(all[0].depth.waiting, 1U);
    auto const& work = all[1].figures;
    EXPECT_EQ(work.redelivered, 1U);
    EXPECT_EQ(work.waited.counts[8], 2U) << "up to 50 ms";
    EXPECT_EQ(work.waited.sum_us, 80'000U + 8'002'000U);
    EXPECT_EQ(work.waited.counts[15], 1U) << "up to 10 s";
    EXPECT_EQ(work.worked.counts[4], 1U) << "up to 2.5 ms";
    EXPECT_EQ(work.worked.sum_us, 2'000U);
    EXPECT_EQ(world.queues.figures(1, world.now).size(), 1U);
}

TEST(Queue, a_delay_is_no_waiting) {
    QueueWorld world;
    world.create("work");
    world.send("work", ports::OutgoingMessage{.body = "a", .delay = Duration::seconds(60)}).value();
    world.pass(Duration::seconds(61));
    world.receive("work");
    EXPECT_EQ(world.queues.figures(1, world.now)[0].figures.waited.sum_us, 1'000'000U);
}

TEST(Queue, an_old_receipt_settles_nothing) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.receive("work");
    auto const old = world.received.front().receipt;
    world.pass(Duration::seconds(31));
    world.receive("work");
    EXPECT_EQ(world.settle("work", old).value(), Settled::not_ours);
    EXPECT_EQ(world.depth("work").in_flight, 1U);
    world.settle_all("work");
    EXPECT_EQ(world.settle("work", old).value(), Settled::before);
}

TEST(Queue, a_receipt_that_ran_out_settles_as_long_as_nobody_else_has_it) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.receive("work");
    world.pass(Duration::seconds(31));
    world.settle_all("work");
    EXPECT_EQ(world.receive("work"), Bodies{});
}

TEST(Queue, a_forged_receipt_is_refused) {
    QueueWorld world;
    world.create("work");
    world.create("other");
    world.send("work", "a").value();
    world.receive("work");
    auto const receipt = world.received.front().receipt;
    EXPECT_EQ(world.settle("other", receipt).error().error, QueueError::receipt_handle_is_invalid);
    EXPECT_EQ(world.settle("work", ports::ReceiptHandle("nonsense")).error().error,
              QueueError::receipt_handle_is_invalid);
    EXPECT_EQ(world.extend("work", ports::ReceiptHandle("nonsense"), {}).error().error,
              QueueError::receipt_handle_is_invalid);
}

TEST(Queue, a_delay_is_waited_for) {
    QueueWorld world;
    world.create("work");
    world.send("work", ports::OutgoingMessage{.body = "a", .delay = Duration::seconds(5)}).value();
    world.send("work", "b").value();
    EXPECT_EQ(world.depth("work").delayed, 1U);
    EXPECT_EQ(world.receive("work"), Bodies{"b"});
    auto const nothing = world.queues.receive(ports::QueueName("work"), {}, world.now);
    EXPECT_EQ(nothing->ask_again_at, world.now + Duration::seconds(5));
    world.pass(Duration::seconds(5));
    EXPECT_EQ(world.receive("work"), Bodies{"a"});
}

TEST(Queue, a_receiver_may_ask_for_more_time_or_give_it_back) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.receive("work");
    auto const receipt = world.received.front().receipt;
    EXPECT_EQ(world.extend("work", receipt, Duration::minutes(5))->until,
              world.now + Duration::minutes(5));
    world.pass(Duration::minutes(4));
    EXPECT_EQ(world.receive("work"), Bodies{});
    world.extend("work", receipt, {}).value();
    EXPECT_EQ(world.receive("work"), Bodies{"a"});
    EXPECT_EQ(world.extend("work", receipt, {}).error().error, QueueError::message_not_in_flight);
}

TEST(Queue, nobody_has_a_message_for_more_than_twelve_hours) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.receive("work");
    auto const receipt = world.received.front().receipt;
    EXPECT_EQ(world.extend("work", receipt, Duration::hours(13)).error().error,
              QueueError::invalid_parameter_value);
    world.extend("work", receipt, Duration::hours(12)).value();
    world.pass(Duration::hours(1));
    EXPECT_EQ(world.extend("work", receipt, Duration::hours(12)).error().error,
              QueueError::invalid_parameter_value);
    world.extend("work", receipt, Duration::hours(11)).value();
}

TEST(Queue, a_message_for_no_time_at_all_comes_once_in_a_receive) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    EXPECT_EQ(world.receive("work", 10, Duration()), Bodies{"a"});
    EXPECT_EQ(world.receive("work", 10, Duration()), Bodies{"a"});
    EXPECT_EQ(world.received.front().receive_count, 2U);
}

TEST(Queue, what_is_too_old_is_expired_and_counted) {
    QueueWorld world;
    ports::QueueChange change;
    change.retention = Duration::seconds(60);
    world.create("work", change);
    world.send("work", "a").value();
    world.pass(Duration::seconds(30));
    world.send("work", "b").value();
    world.pass(Duration::seconds(30));
    EXPECT_EQ(world.receive("work"), Bodies{"b"});
    EXPECT_EQ(world.depth("work").expired, 1U);
}

TEST(Queue, a_standard_queue_says_when_too_many_are_in_flight) {
    QueueWorld world;
    world.create("work");
    std::vector<ports::OutgoingMessage> const many(1000, ports::OutgoingMessage{.body = "x"});
    ports::QueueName const work("work");
    for (std::size_t i = 0; i <= in_flight_max / many.size(); ++i)
        ASSERT_TRUE(world.queues.send(work, {}, many, world.now));
    for (std::size_t i = 0; i < in_flight_max / many.size(); ++i)
        ASSERT_EQ(world.queues.receive(work, {1000}, world.now)->messages.size(), 1000U);
    EXPECT_EQ(world.queues.receive(work, {1}, world.now).error().error, QueueError::over_limit);
    EXPECT_TRUE(world.queues.is_whole());
}

TEST(Queue, a_fair_queue_goes_round_its_tags) {
    QueueWorld world;
    world.create("work");
    for (auto const* body : {"a1", "a2", "a3"})
        world.send("work", body, "a").value();
    world.send("work", "b1", "b").value();
    world.send("work", "c1", "c").value();
    EXPECT_EQ(world.receive("work", 10), (Bodies{"a1", "b1", "c1", "a2", "a3"}));
}

TEST(Queue, settling_twice_in_one_call_settles_once) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.receive("work");
    auto const receipt = world.received.front().receipt;
    std::vector const twice{ports::Settlement{receipt}, ports::Settlement{receipt}};
    auto const settled = world.queues.settle(ports::QueueName("work"), twice, world.now);
    EXPECT_EQ(settled->entries[0].value(), Settled::now);
    EXPECT_EQ(settled->entries[1].value(), Settled::before);
    EXPECT_EQ(world.depth("work").settled, 1U);
    EXPECT_TRUE(world.queues.is_whole());
}

TEST(Queue, a_purge_drops_all_and_comes_once_a_minute) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.send("work", "b").value();
    world.receive("work", 1);
    ports::QueueName const work("work");
    world.queues.purge(work, world.now).value();
    EXPECT_EQ(world.depth("work").purged, 2U);
    EXPECT_EQ(world.queues.purge(work, world.now).error().error,
              QueueError::purge_queue_in_progress);
    world.send("work", "c").value();
    EXPECT_EQ(world.receive("work"), Bodies{"c"});
    world.pass(purge_rest);
    world.queues.purge(work, world.now).value();
}

TEST(Queue, a_paused_queue_accepts_and_hands_nothing_out_until_it_goes_on) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    EXPECT_EQ(world.receive("work"), Bodies{"a"});
    auto const receipt = world.received.front().receipt;
    world.set_flow("work", ports::QueueFlow::paused);
    EXPECT_EQ(world.queues.find(ports::QueueName("work"))->paused_at, world.now);
    world.send("work", "b").value();
    EXPECT_EQ(world.receive("work"), Bodies{});
    auto const found = world.queues.receive(ports::QueueName("work"), {10, {}, {}}, world.now);
    EXPECT_FALSE(found->ask_again_at) << "time alone brings nothing";
    EXPECT_EQ(world.settle("work", receipt).value(), Settled::now) << "who has one may end it";
    EXPECT_EQ(world.depth("work").waiting, 1U);
    world.set_flow("work", ports::QueueFlow::open);
    EXPECT_FALSE(world.queues.find(ports::QueueName("work"))->paused_at);
    EXPECT_EQ(world.receive("work"), Bodies{"b"});
}

TEST(Queue, a_pause_that_stands_is_no_second_fact) {
    QueueWorld world;
    world.create("work");
    for (auto const flow :
         {ports::QueueFlow::open, ports::QueueFlow::paused, ports::QueueFlow::paused,
          ports::QueueFlow::open, ports::QueueFlow::open})
        world.set_flow("work", flow);
    EXPECT_EQ(world.facts.count<queue::Paused>(), 1U);
    EXPECT_EQ(world.facts.count<queue::Resumed>(), 1U);
    EXPECT_EQ(world.queues.set_flow(ports::QueueName("none"), ports::QueueFlow::paused, world.now)
                  .error()
                  .error,
              QueueError::queue_does_not_exist);
}

TEST(Queue, who_repeats_an_attempt_gets_nothing_of_a_paused_queue) {
    QueueWorld world;
    world.create("work.fifo");
    world.send("work.fifo", "a", "g").value();
    EXPECT_EQ(world.receive("work.fifo", 10, {}, "try"), Bodies{"a"});
    world.set_flow("work.fifo", ports::QueueFlow::paused);
    EXPECT_EQ(world.receive("work.fifo", 10, {}, "try"), Bodies{});
    world.set_flow("work.fifo", ports::QueueFlow::open);
    EXPECT_EQ(world.receive("work.fifo", 10, {}, "try"), Bodies{"a"});
}

TEST(Queue, what_fails_too_often_or_grows_too_old_waits_as_well) {
    QueueWorld world;
    world.create("dead");
    world.create("work", dead_letters_in("dead", 1));
    world.send("work", "a").value();
    world.receive("work");
    world.set_flow("work", ports::QueueFlow::paused);
    world.pass(Duration::minutes(5));
    world.receive("work");
    EXPECT_EQ(world.depth("work").dead, 0U) << "nobody tried it";
    world.pass(Duration::days(4));
    EXPECT_EQ(world.depth("work").expired, 1U) << "a pause is no reason to keep it";
}

TEST(Queue, a_name_stands_for_one_queue_of_these_attributes) {
    QueueWorld world;
    ports::QueueChange change;
    change.visibility = Duration::seconds(5);
    world.create("work", change);
    world.create("work", change);
    world.create("work");
    change.visibility = Duration::seconds(6);
    EXPECT_EQ(world.try_create("work", change).error().error, QueueError::queue_name_exists);
    EXPECT_EQ(world.facts.count<queue::Created>(), 1U);
}

TEST(Queue, a_removed_name_rests_for_a_minute) {
    QueueWorld world;
    world.create("work");
    world.send("work", "a").value();
    world.queues.remove(ports::QueueName("work"), ports::QueueOwner::caller, world.now).value();
    EXPECT_EQ(world.send("work", "b").error().error, QueueError::queue_does_not_exist);
    EXPECT_EQ(world.try_create("work").error().error, QueueError::queue_deleted_recently);
    world.pass(name_rest);
    world.create("work");
    EXPECT_EQ(world.receive("work"), Bodies{});
}

TEST(Queue, what_the_topology_owns_nobody_else_changes_or_removes) {
    QueueWorld world;
    ports::QueueName const name("owned");
    ports::QueueDescription const wanted{name, {},        ports::QueueOwner::topology,
                                         {},   world.now, world.now};
    std::vector<std::uint8_t> const key(16, 1);
    world.queues.create(wanted, {}, {Id128(9, 9), key}, world.now).value();
    ports::QueueChange change;
    change.visibility = Duration::seconds(1);
    EXPECT_EQ(world.queues.change(name, change, ports::QueueOwner::caller, world.now).error().error,
              QueueError::access_denied);
    EXPECT_EQ(world.queues.remove(name, ports::QueueOwner::caller, world.now).error().error,
              QueueError::access_denied);
    world.queues.change(name, change, ports::QueueOwner::topology, world.now).value();
    EXPECT_EQ(world.queues.find(name)->settings.visibility, Duration::seconds(1));
}

TEST(Queue, names_are_listed_by_prefix_page_and_dead_letters) {
    QueueWorld world;
    world.create("dead");
    world.create("a-1", dead_letters_in("dead", 3));
    world.create("a-2");
    world.create("b-1", dead_letters_in("dead", 3));
    using Names = std::vector<ports::QueueName>;
    ports::QueueName const a1("a-1");
    ports::QueueName const a2("a-2");
    EXPECT_EQ(world.queues.list({.prefix = "a-"}).value(), (Names{a1, a2}));
    EXPECT_EQ(world.queues.list({.prefix = "a-", .limit = ports::Limit(1)}).value(), Names{a1});
    EXPECT_EQ(world.queues.list({.prefix = "a-", .after = a1}).value(), Names{a2});
    EXPECT_EQ(world.queues.list({.dead_letters_in = ports::QueueName("dead")}).value(),
              (Names{a1, ports::QueueName("b-1")}));
}

} // namespace
} // namespace kontor::queues
