/// Checkers of queues, receivers and the relay must complain about a bad history, too.

#include "tests/simulation/checkers/queues.hpp"
#include "tests/simulation/checkers/receivers.hpp"
#include "tests/simulation/checkers/relay.hpp"

#include "adapters/memory/queues.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <gtest/gtest.h>

namespace kontor::simulation {
namespace {

Id128 const line_id{1, 1};
Id128 const dead_id{1, 2};
ports::QueueName const line_name("notifications");
ports::QueueName const other_name("dead-letter");
OrderId const told_order{Id128(1, 3)};
StreamId const told_stream = StreamId::order(told_order);

/// What queues and followers wrote, in a row.
class BadPost : public ::testing::Test {
protected:
    Fact fact(StreamId const& stream, Content content) {
        ++position;
        return {position, stream, ++versions[stream], 0, {}, std::move(content)};
    }
    Fact in(Id128 queue, queue::Event event) {
        return fact(StreamId::of(StreamCategory::queue, queue), std::move(event));
    }
    static queue::Created made(std::string_view name, queue::Kind kind) {
        queue::Created created{};
        created.name = queue::Name(name);
        created.settings.kind = kind;
        created.settings.retention = Duration::days(4);
        created.settings.redrive = queue::Redrive{queue::Name("dead-letter"), 2, {}};
        return created;
    }
    queue::MessageSent sent(std::uint64_t sequence, std::string said = "",
                            std::string group = "") const {
        queue::MessageSent event{};
        event.at = now;
        event.sequence = sequence;
        event.deduplication_id = std::move(said);
        event.group_id = std::move(group);
        return event;
    }
    queue::MessagesReceived received(std::vector<std::uint64_t> sequences) const {
        return {now, 1, std::move(sequences)};
    }
    void make(queue::Kind kind) {
        queues.see(in(line_id, made(line_name.view(), kind)));
        queues.see(in(dead_id, made("dead-letter", kind)));
        relay.see(in(line_id, made(line_name.view(), kind)));
    }
    std::string complaint() const {
        return verdict.violation() ? verdict.violation()->invariant : "none";
    }
    /// A message as a receiver gets it.
    ports::ReceivedMessage message(std::string_view receipt, std::string body = "a") const {
        ports::ReceivedMessage made{};
        made.id = ports::MessageId(Id128(7, 7));
        made.receipt = ports::ReceiptHandle(receipt);
        made.body = std::move(body);
        return made;
    }
    void notify(std::string_view kind) {
        queue::MessageSent event{};
        event.sender = InlineText<63>("sns");
        event.body = R"({"kind":")" + std::string(kind) + R"(","stream":")" +
                     told_stream.to_string() + R"("})";
        relay.see(in(line_id, event));
    }
    void happens(order::Event event) { relay.see(fact(told_stream, std::move(event))); }

    Verdict verdict;
    QueuesChecker queues{verdict};
    ReceiversChecker receivers{verdict};
    RelayChecker relay{verdict};
    std::uint64_t position{0};
    std::map<StreamId, std::uint64_t> versions;
    Instant now{Instant::from_unix_microseconds(1'700'000'000'000'000)};
    Instant later{now + Duration::seconds(30)};
    testing::HandClock clock;
    testing::SecretDice secrets;
};

TEST_F(BadPost, a_good_history_leaves_nothing_to_complain_about) {
    make(queue::Kind::fifo);
    queues.see(in(line_id, sent(1, "x", "g")));
    queues.see(in(line_id, sent(2, "y", "g")));
    queues.see(in(line_id, received({1})));
    queues.see(in(line_id, queue::MessagesSettled{now, {1}}));
    queues.see(in(line_id, received({2})));
    happens(order::Confirmed{});
    notify("order.confirmed");
    relay.at_rest();
    EXPECT_EQ(complaint(), "none");
}

TEST_F(BadPost, a_message_settled_twice) {
    make(queue::Kind::standard);
    queues.see(in(line_id, sent(1)));
    queues.see(in(line_id, queue::MessagesSettled{now, {1}}));
    queues.see(in(line_id, queue::MessagesSettled{now, {1}}));
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_repetition_that_went_in) {
    make(queue::Kind::fifo);
    queues.see(in(line_id, sent(1, "x", "g")));
    queues.see(in(line_id, sent(2, "x", "g")));
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_repetition_after_five_minutes_is_another_message) {
    make(queue::Kind::fifo);
    queues.see(in(line_id, sent(1, "x", "g")));
    now = now + Duration::minutes(5);
    queues.see(in(line_id, sent(2, "x", "g")));
    EXPECT_EQ(complaint(), "none");
}

TEST_F(BadPost, a_group_out_of_sequence) {
    make(queue::Kind::fifo);
    queues.see(in(line_id, sent(1, "x", "g")));
    queues.see(in(line_id, sent(2, "y", "g")));
    queues.see(in(line_id, received({2})));
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_message_handed_out_too_often) {
    make(queue::Kind::standard);
    queues.see(in(line_id, sent(1)));
    for (int times = 0; times < 3; ++times)
        queues.see(in(line_id, received({1})));
    EXPECT_EQ(complaint(), "I9");
}

TEST_F(BadPost, dead_letters_in_a_queue_that_takes_none) {
    make(queue::Kind::standard);
    queues.see(in(dead_id, sent(1)));
    queue::MessagesMoved moved{};
    moved.to = line_id;
    moved.why = queue::Why::refused;
    moved.first_sequence = 1;
    moved.sequences = {1};
    queues.see(in(dead_id, moved));
    EXPECT_EQ(complaint(), "I9");
}

TEST_F(BadPost, a_message_that_is_left_over) {
    memory::Queues hosted(clock, secrets);
    make(queue::Kind::standard);
    queues.see(in(line_id, sent(1)));
    queues.at_rest(hosted.queue(), now);
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_message_past_its_time_that_the_queue_did_not_count) {
    memory::Queues hosted(clock, secrets);
    ASSERT_TRUE(hosted.admin().create(line_name, ports::QueueKind::standard, {},
                                      ports::QueueOwner::caller));
    queues.see(in(line_id, made(line_name.view(), queue::Kind::standard)));
    queues.see(in(line_id, sent(1)));
    queues.at_rest(hosted.queue(), now + Duration::days(4));
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_message_that_two_have) {
    receivers.received(line_name, message("a"), now, later);
    receivers.received(line_name, message("b"), now, later);
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_message_that_comes_after_it_was_settled) {
    receivers.received(line_name, message("a"), now, later);
    receivers.ended(message("a").id, {ports::ReceiptHandle("a")}, ports::Settled::now,
                    ports::QueueMark(5));
    receivers.durable(ports::QueueMark(5));
    receivers.new_life();
    receivers.received(line_name, message("b"), later, later);
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_settlement_that_was_not_durable_may_be_lost) {
    receivers.received(line_name, message("a"), now, later);
    receivers.ended(message("a").id, {ports::ReceiptHandle("a")}, ports::Settled::now,
                    ports::QueueMark(5));
    receivers.durable(ports::QueueMark(4));
    receivers.new_life();
    receivers.received(line_name, message("b"), now, later);
    EXPECT_EQ(complaint(), "none");
}

TEST_F(BadPost, an_old_receipt_that_ends_a_message) {
    receivers.received(line_name, message("a"), now, later);
    receivers.received(line_name, message("b"), later, later);
    receivers.ended(message("a").id, {ports::ReceiptHandle("a")}, ports::Settled::now, {});
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, an_accepted_message_that_never_comes) {
    receivers.accepted(message("a").id, "a");
    receivers.at_rest(0);
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, another_content) {
    receivers.accepted(message("a").id, "a");
    receivers.received(line_name, message("a", "b"), now, later);
    EXPECT_EQ(complaint(), "I8");
}

TEST_F(BadPost, a_dead_letter_without_its_cause) {
    receivers.received(line_name, message("a"), now, later);
    receivers.ended(message("a").id,
                    {ports::ReceiptHandle("a"), ports::Ending::dead, "it is broken"},
                    ports::Settled::now, ports::QueueMark(5));
    receivers.durable(ports::QueueMark(5));
    auto dead = message("b");
    dead.dead_letter_source = line_name;
    dead.dead_letter_attempts = 1;
    receivers.received(other_name, dead, now, later);
    EXPECT_EQ(complaint(), "I9");
}

TEST_F(BadPost, a_fact_that_nobody_brought) {
    make(queue::Kind::standard);
    happens(order::Confirmed{});
    relay.at_rest();
    EXPECT_EQ(complaint(), "I7");
}

TEST_F(BadPost, a_fact_that_was_brought_twice) {
    make(queue::Kind::standard);
    happens(order::Confirmed{});
    notify("order.confirmed");
    notify("order.confirmed");
    EXPECT_EQ(complaint(), "I7");
}

TEST_F(BadPost, facts_that_overtook_each_other) {
    make(queue::Kind::standard);
    happens(order::Confirmed{});
    happens(order::Completed{});
    notify("order.completed");
    EXPECT_EQ(complaint(), "I7");
}

TEST_F(BadPost, a_fact_that_a_filter_leaves_out) {
    make(queue::Kind::standard);
    happens(order::Placed{});
    notify("order.placed");
    EXPECT_EQ(complaint(), "I12");
}

TEST_F(BadPost, an_event_that_was_accepted_and_is_not_there) {
    relay.accepted("e-1");
    relay.at_rest();
    EXPECT_EQ(complaint(), "I10");
}

} // namespace
} // namespace kontor::simulation
