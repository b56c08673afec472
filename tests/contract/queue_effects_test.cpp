#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include "adapters/memory/event_store.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace kontor::contract {
namespace {

ports::QueueName const orders("orders");
ports::QueueName const notices("notices");

/// Queues over a log that somebody else, as the desk does, appends to as well.
class Effects : public ::testing::Test {
protected:
    Effects() {
        crash();
        for (auto const& name : {orders, notices})
            EXPECT_TRUE(queues->admin().create(name, ports::QueueKind::standard, {},
                                               ports::QueueOwner::caller));
        send("place");
    }
    void crash() {
        queues.reset();
        queues.emplace(store, clock, secrets);
        ASSERT_TRUE(queues->recover());
    }
    void send(std::string const& body) {
        std::vector const messages{ports::OutgoingMessage{.body = body}};
        ASSERT_TRUE(queues->queue().send(orders, {}, messages));
        ASSERT_TRUE(queues->do_work({10}));
    }
    ports::ReceiptHandle take() {
        auto const received = queues->queue().receive(orders, {});
        EXPECT_EQ(received->messages.size(), 1U);
        return received->messages.at(0).receipt;
    }
    /// The commit of a command that was asked for by a message, with what follows from it.
    hosting::EffectAnswers begin(ports::ReceiptHandle const& receipt) {
        batch.begin_commit({CommandId(Id128(7, 7)), {}, {}, clock.now(), {}});
        auto const stream = batch.add_stream(StreamId::of(StreamCategory::order, Id128(9, 9)),
                                             ports::ExpectedVersion::any());
        batch.buffer().push_back(1);
        batch.add_event(stream, EventType(101));
        hosting::QueueEffects effects{orders, {{receipt, ports::Ending::done, {}}}, {}};
        effects.sends.push_back({notices, ports::SenderId("order"), {{.body = "placed"}}});
        return queues->give(batch, effects).value();
    }
    void append() {
        auto const appended = store.append(batch);
        ASSERT_TRUE(appended);
        queues->given(batch, *appended);
        batch.clear();
        ASSERT_TRUE(queues->do_work({10}));
    }
    std::vector<std::string> drain(ports::QueueName const& name) {
        clock.pass(Duration::hours(1));
        std::vector<std::string> bodies;
        auto const received = queues->queue().receive(name, {10, {}, {}});
        for (auto const& message : received->messages)
            bodies.push_back(message.body);
        return bodies;
    }

    using Bodies = std::vector<std::string>;
    testing::HandClock clock;
    testing::SecretDice secrets;
    memory::EventStore store{clock};
    ports::Batch batch;
    std::optional<hosting::JournaledQueues> queues;
};

TEST_F(Effects, a_settlement_and_what_follows_stand_in_the_commit_of_the_command) {
    auto const answers = begin(take());
    EXPECT_EQ(answers.settlements.at(0).value(), ports::Settled::now);
    ASSERT_EQ(batch.commits().size(), 1U);
    EXPECT_EQ(batch.events(0).size(), 3U);
    append();
    EXPECT_GE(queues->progress().durable(), answers.mark);
    crash();
    EXPECT_EQ(drain(orders), Bodies{});
    EXPECT_EQ(drain(notices), Bodies{"placed"});
}

TEST_F(Effects, without_the_append_nothing_has_happened) {
    begin(take());
    crash();
    EXPECT_EQ(drain(orders), Bodies{"place"});
    EXPECT_EQ(drain(notices), Bodies{});
}

TEST_F(Effects, what_was_decided_before_stands_before) {
    std::vector const messages{ports::OutgoingMessage{.body = "pay"}};
    ASSERT_TRUE(queues->queue().send(orders, {}, messages)); // not written yet
    auto const received = queues->queue().receive(orders, {10, {}, {}});
    ASSERT_EQ(received->messages.size(), 2U);
    begin(received->messages.at(1).receipt);
    append();
    crash();
    EXPECT_EQ(drain(orders), Bodies{"place"}) << "the settlement came behind what it settles";
}

/// A fact that is true only with what is sent.
hosting::Companion companion() {
    return {StreamId::of(StreamCategory::process, "test"), EventType(1301), {7}};
}

TEST_F(Effects, a_fact_of_the_senders_own_stands_in_the_commit_of_what_is_sent) {
    auto const before = store.durable().position;
    auto const own = companion();
    // Much more than an append is filled with: it stands in one commit all the same.
    ports::OutgoingMessage const large{.body = std::string(std::size_t{400} << 10, 'x')};
    auto const mark = queues->send_with(
        std::span(&own, 1), 3 * large.body.size(), [&](hosting::SendOne const& send_one) {
            for (auto const& queue : {orders, notices, notices})
                EXPECT_TRUE(send_one(queue, {}, large));
            auto const refused = send_one(ports::QueueName("nobody"), {}, large);
            ASSERT_FALSE(refused);
            EXPECT_EQ(refused.error().error, ports::QueueError::queue_does_not_exist);
        });
    ASSERT_TRUE(mark);
    ASSERT_TRUE(queues->do_work({10}));
    EXPECT_GE(queues->progress().durable(), *mark);
    auto const page = store.read_log(before, ports::Limit(100)).value();
    EXPECT_EQ(page.commits.size(), 1U);
    ASSERT_EQ(page.events.size(), 4U);
    EXPECT_EQ(page.events[0].stream, own.stream);
    crash();
    EXPECT_EQ(drain(notices).size(), 2U);
    EXPECT_EQ(drain(orders), (Bodies{"place", large.body}));
}

TEST_F(Effects, a_fact_alone_is_kept_behind_what_was_decided_before) {
    std::vector const messages{ports::OutgoingMessage{.body = "pay"}};
    ASSERT_TRUE(queues->queue().send(orders, {}, messages));
    auto const before = store.durable().position;
    auto const own = companion();
    ASSERT_TRUE(queues->send_with(std::span(&own, 1), 0, [](hosting::SendOne const&) {}));
    EXPECT_EQ(store.durable().position, before) << "the log has one writer";
    ASSERT_TRUE(queues->do_work({10}));
    auto const page = store.read_log(before, ports::Limit(100)).value();
    ASSERT_EQ(page.events.size(), 2U);
    EXPECT_EQ(page.events[1].stream, own.stream);
    // Nobody who starts folds it.
    auto const open = store.read_open({}, {}, ports::Limit(100)).value();
    for (auto const& event : open.page.events)
        EXPECT_NE(event.stream, own.stream);
}

TEST_F(Effects, what_is_decided_behind_what_was_given_is_written_behind_it) {
    begin(take());
    ASSERT_TRUE(queues->admin().purge(notices)); // of what was given as well
    ASSERT_TRUE(queues->do_work({10}));          // the disk was full, and the batch still waits
    append();
    crash();
    EXPECT_EQ(drain(notices), Bodies{}) << "what was purged has come back";
}

TEST_F(Effects, a_given_message_can_be_read_back) {
    auto const answers = begin(take());
    append();
    crash();
    auto const received = queues->queue().receive(notices, {});
    EXPECT_EQ(received->messages.at(0).id, answers.sends.at(0).entries.at(0)->id);
    EXPECT_EQ(received->messages.at(0).sender, ports::SenderId("order"));
}

} // namespace
} // namespace kontor::contract
