#include "platform/messaging/hosting/queue_journal.hpp"

#include "adapters/memory/event_store.hpp"

#include "tests/support/hand_clock.hpp"
#include "tests/support/passing_store.hpp"
#include "tests/support/secret_dice.hpp"

#include <gtest/gtest.h>

namespace kontor::hosting {
namespace {

ports::QueueName const work("work");

/// A store that takes no more when it is told so, and has as much room as it is told.
class NarrowStore final : public testing::PassingStore {
public:
    using PassingStore::PassingStore;

    bool is_full{false};
    ports::Room left{ports::Room::ample};

    Result<ports::Appended> append(ports::Batch const& batch) override {
        if (is_full)
            return unexpected(Failure{FailureKind::full, "it is full"});
        return store_.append(batch);
    }
    ports::Room room() const override { return left; }
};

class QueueJournalSpec : public ::testing::Test {
protected:
    QueueJournalSpec() {
        EXPECT_TRUE(
            queues.admin().create(work, ports::QueueKind::standard, {}, ports::QueueOwner::caller));
        write();
    }
    void write() { EXPECT_TRUE(queues.do_work({100})); }
    auto send(std::string body) {
        std::vector const one{ports::OutgoingMessage{.body = std::move(body)}};
        return queues.queue().send(work, {}, one);
    }
    auto send_mebibytes(std::size_t count) {
        std::vector const messages(count,
                                   ports::OutgoingMessage{.body = std::string(1U << 20, 'x')});
        return queues.queue().send(work, {}, messages);
    }
    auto receive() { return queues.queue().receive(work, {1, Duration(), {}}); }
    auto settle(ports::ReceivedMessage const& message) {
        std::vector const one{ports::Settlement{message.receipt}};
        return queues.queue().settle(work, one);
    }
    template <class T>
    static bool is_full(Result<T, ports::QueueFault> const& answer) {
        auto const* const failure = answer ? nullptr : std::get_if<Failure>(&answer.error());
        return failure != nullptr && failure->kind == FailureKind::full;
    }

    testing::HandClock clock;
    testing::SecretDice secrets;
    memory::EventStore log{clock};
    NarrowStore store{log};
    JournaledQueues queues{store, clock, secrets};
};

TEST_F(QueueJournalSpec, with_the_last_room_what_is_under_way_is_finished_and_nothing_new_begun) {
    ASSERT_TRUE(send("m"));
    write();
    store.left = ports::Room::last;
    EXPECT_TRUE(is_full(send("another")));
    EXPECT_TRUE(is_full(queues.admin().create(ports::QueueName("new"), ports::QueueKind::standard,
                                              {}, ports::QueueOwner::caller)));
    auto const received = receive();
    ASSERT_TRUE(received);
    EXPECT_TRUE(settle(received->messages.at(0)));
    write();
    EXPECT_EQ(queues.queue().depth(work)->settled, 1U);
    store.left = ports::Room::scarce;
    EXPECT_TRUE(send("another"));
}

TEST_F(QueueJournalSpec, a_copy_and_the_end_of_its_dead_letter_stand_in_one_commit) {
    ports::QueueName const dead("dead");
    ASSERT_TRUE(
        queues.admin().create(dead, ports::QueueKind::standard, {}, ports::QueueOwner::caller));
    ports::QueueChange change;
    change.redrive = ports::RedrivePolicy{dead, 3};
    ASSERT_TRUE(queues.admin().change(work, change, ports::QueueOwner::caller));
    ASSERT_TRUE(send("m"));
    std::vector const one{
        ports::Settlement{receive()->messages.at(0).receipt, ports::Ending::dead, "no"}};
    ASSERT_TRUE(queues.queue().settle(work, one));
    write();
    // Larger than what may be added to an append that has something already.
    ports::RetryRequest const request{ports::SequenceNumber(1), {}, std::string(900'000, 'x')};
    ASSERT_TRUE(queues.letters().retry(dead, request));
    write();
    auto const page = log.read_log(ports::Position(0), ports::Limit(100)).value();
    ASSERT_GE(page.events.size(), 2U);
    auto const& last = page.events.back();
    auto const& before = page.events[page.events.size() - 2];
    EXPECT_NE(last.stream, before.stream);
    EXPECT_EQ(page.commit_of(last).header.command_id, page.commit_of(before).header.command_id);
    EXPECT_EQ(queues.queue().depth(dead)->waiting, 0U);
    EXPECT_EQ(receive()->messages.at(0).body.size(), 900'000U);
}

TEST_F(QueueJournalSpec, what_waits_for_a_store_that_takes_nothing_is_bounded) {
    ASSERT_TRUE(send("first"));
    write();
    store.is_full = true;
    EXPECT_TRUE(send_mebibytes(waiting_bytes_max >> 20));
    EXPECT_TRUE(is_full(send("one more")));
    auto const received = receive();
    ASSERT_TRUE(received);
    EXPECT_EQ(received->messages.at(0).body, "first");
    EXPECT_TRUE(settle(received->messages.at(0)));
    store.is_full = false;
    write();
    write();
    EXPECT_TRUE(queues.is_idle());
    EXPECT_TRUE(send("one more"));
}

TEST_F(QueueJournalSpec, beyond_the_last_limit_nobody_receives_and_what_was_received_is_settled) {
    ASSERT_TRUE(send("first"));
    write();
    auto const mine = receive()->messages.at(0);
    store.is_full = true;
    EXPECT_TRUE(send_mebibytes(waiting_bytes_last >> 20));
    EXPECT_TRUE(is_full(receive()));
    EXPECT_TRUE(settle(mine));
    store.is_full = false;
    write();
    write();
    EXPECT_TRUE(receive());
}

} // namespace
} // namespace kontor::hosting
