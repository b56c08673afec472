#include "platform/messaging/hosting/queue_journal.hpp"

#include "adapters/memory/event_store.hpp"

#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

#include <map>

namespace kontor::hosting {
namespace {

ports::QueueName const work("work.fifo");
ports::QueueName const dead("dead.fifo");
constexpr auto owner = ports::QueueOwner::caller;
constexpr Id128 lineage(1, 2);

/// A log with queues in it, and the file of their checkpoint.
class CheckpointSpec : public ::testing::Test {
protected:
    CheckpointSpec() {
        EXPECT_TRUE(queues.admin().create(dead, ports::QueueKind::fifo, {}, owner));
        ports::QueueChange change;
        change.redrive = ports::RedrivePolicy{dead, 2, ports::DeadLetterPolicy::park};
        EXPECT_TRUE(queues.admin().create(work, ports::QueueKind::fifo, change, owner));
        write();
    }

    QueueCheckpoints checkpoints_of(Id128 whose = lineage, std::uint64_t after = 1) {
        return {store,
                whose,
                {[this] { return file; },
                 [this](std::span<std::uint8_t const> bytes) {
                     file.assign(bytes.begin(), bytes.end());
                     ++saves;
                     return Result<void>();
                 }},
                after};
    }
    void write() { EXPECT_TRUE(queues.do_work({1'000})); }
    void send(std::string const& body, std::string const& group) {
        std::vector const one{
            ports::OutgoingMessage{.body = body, .group_id = group, .deduplication_id = body}};
        EXPECT_TRUE(queues.queue().send(work, {}, one));
    }
    void receive(std::size_t up_to, bool settles, ports::Ending ending = ports::Ending::done) {
        auto const received =
            queues.queue().receive(work, {up_to, Duration::seconds(5), {}}).value();
        for (auto const& message : received.messages) {
            std::vector const one{ports::Settlement{message.receipt, ending, "no"}};
            if (settles) {
                EXPECT_TRUE(queues.queue().settle(work, one));
            }
        }
    }
    void use(int turns) {
        for (int turn = 0; turn < turns; ++turn) {
            clock.pass(Duration::seconds(static_cast<std::int64_t>(random.below(60))));
            send("m" + std::to_string(random.below(1'000)),
                 std::string(1, static_cast<char>('a' + random.below(3))));
            receive(1 + random.below(3), random.chance(2, 3),
                    random.chance(1, 8) ? ports::Ending::dead : ports::Ending::done);
            write();
        }
    }
    std::vector<std::uint8_t> standing_of_a_start(QueueCheckpoints* checkpoints) {
        JournaledQueues started(store, clock, secrets);
        EXPECT_TRUE(started.recover(checkpoints));
        EXPECT_TRUE(started.is_whole());
        return started.standing();
    }

    testing::HandClock clock;
    testing::SecretDice secrets;
    memory::EventStore store{clock};
    JournaledQueues queues{store, clock, secrets};
    std::vector<std::uint8_t> file;
    int saves{0};
    Random random{testing::seed()};
};

/// What a queue still gives, by group.
std::map<std::string, std::vector<std::string>> drain(JournaledQueues& queues,
                                                      ports::QueueName const& name) {
    std::map<std::string, std::vector<std::string>> bodies;
    for (;;) {
        auto const received =
            queues.queue().receive(name, {10, Duration::hours(1), {}}).value().messages;
        if (received.empty())
            return bodies;
        for (auto const& message : received) {
            bodies[message.group_id].push_back(message.body + " " +
                                               std::to_string(message.receive_count));
            std::vector const one{ports::Settlement{message.receipt}};
            EXPECT_TRUE(queues.queue().settle(name, one));
        }
    }
}

TEST_F(CheckpointSpec, a_start_from_a_checkpoint_is_a_start_without) {
    auto maker = checkpoints_of();
    for (int round = 0; round < 20; ++round) {
        use(static_cast<int>(1 + random.below(20)));
        if (random.chance(2, 3))
            while (maker.do_work({1 + random.below(40)}).value().items > 0)
                continue;
        auto reader = checkpoints_of();
        ASSERT_EQ(standing_of_a_start(&reader), standing_of_a_start(nullptr)) << round;
        EXPECT_EQ(reader.position(), maker.position());
    }
    ASSERT_GT(saves, 1);
    auto reader = checkpoints_of();
    JournaledQueues from(store, clock, secrets);
    JournaledQueues without(store, clock, secrets);
    ASSERT_TRUE(from.recover(&reader));
    ASSERT_TRUE(without.recover());
    clock.pass(Duration::minutes(1));
    for (auto const& name : {work, dead})
        EXPECT_EQ(drain(from, name), drain(without, name));
}

TEST_F(CheckpointSpec, a_repetition_is_known_after_a_start_from_one) {
    send("once", "a");
    receive(1, true);
    write();
    ASSERT_TRUE(checkpoints_of().complete());
    auto reader = checkpoints_of();
    JournaledQueues started(store, clock, secrets);
    ASSERT_TRUE(started.recover(&reader));
    EXPECT_EQ(reader.position(), store.durable().position);
    std::vector const one{
        ports::OutgoingMessage{.body = "once", .group_id = "a", .deduplication_id = "once"}};
    auto const again = started.queue().send(work, {}, one).value().entries.at(0).value();
    EXPECT_TRUE(again.is_duplicate);
    EXPECT_EQ(again.sequence.value(), 1U);
}

TEST_F(CheckpointSpec, it_is_due_after_so_many_events_and_folds_a_few_at_a_time) {
    auto maker = checkpoints_of(lineage, 50);
    while (store.durable().position.value() < 49) {
        EXPECT_EQ(maker.do_work({10}).value().items, 0U);
        send("m" + std::to_string(store.durable().position.value()), "a");
        write();
    }
    EXPECT_EQ(saves, 0);
    send("last", "a");
    write();
    int calls = 0;
    while (saves == 0) {
        EXPECT_LE(maker.do_work({10}).value().items, 10U);
        ASSERT_LT(++calls, 100);
    }
    EXPECT_GE(calls, 5) << "a call does what it may, and no more";
    EXPECT_EQ(maker.position(), store.durable().position);
    EXPECT_EQ(maker.do_work({10}).value().items, 0U) << "nothing came since";
}

TEST_F(CheckpointSpec, it_is_written_anew_once_as_much_came_as_stands) {
    for (int n = 0; n < 100; ++n)
        send("m" + std::to_string(n), "a");
    write();
    auto maker = checkpoints_of(lineage, 10);
    ASSERT_TRUE(maker.complete());
    for (int n = 100; n < 120; ++n)
        send("m" + std::to_string(n), "a");
    write();
    EXPECT_EQ(maker.do_work({1'000}).value().items, 0U) << "a hundred stand, and twenty came";
}

TEST_F(CheckpointSpec, one_that_does_not_fit_is_as_good_as_none) {
    use(30);
    ASSERT_TRUE(checkpoints_of().complete());
    auto const good = file;
    auto const wanted = standing_of_a_start(nullptr);
    auto const is_refused = [&](QueueCheckpoints reader) {
        EXPECT_EQ(standing_of_a_start(&reader), wanted);
        EXPECT_EQ(reader.position(), ports::Position());
        return reader.was_refused();
    };
    for (std::size_t at = 0; at < good.size(); at += 7) {
        file = good;
        file[at] ^= 1;
        EXPECT_TRUE(is_refused(checkpoints_of())) << "byte " << at;
        file = good;
        file.resize(at);
        EXPECT_EQ(is_refused(checkpoints_of()), at > 0) << at << " bytes of it";
    }
    file = good;
    EXPECT_TRUE(is_refused(checkpoints_of(Id128(3, 4)))) << "of another log";
    auto reader = checkpoints_of();
    EXPECT_EQ(standing_of_a_start(&reader), wanted);
    EXPECT_FALSE(reader.was_refused());
}

TEST_F(CheckpointSpec, one_of_a_log_that_went_on_otherwise_is_refused) {
    use(10);
    ASSERT_TRUE(checkpoints_of().complete());
    testing::SecretDice others(7);
    memory::EventStore otherwise(clock);
    JournaledQueues there(otherwise, clock, others);
    ASSERT_TRUE(there.admin().create(work, ports::QueueKind::fifo, {}, owner));
    while (otherwise.durable().position < store.durable().position) {
        std::vector const one{ports::OutgoingMessage{
            .body = "x",
            .group_id = "a",
            .deduplication_id = std::to_string(otherwise.durable().position.value())}};
        ASSERT_TRUE(there.queue().send(work, {}, one));
        ASSERT_TRUE(there.do_work({10}));
    }
    QueueCheckpoints reader(otherwise, lineage, {[this] { return file; }, {}});
    JournaledQueues started(otherwise, clock, others);
    ASSERT_TRUE(started.recover(&reader));
    EXPECT_TRUE(reader.was_refused());
    EXPECT_EQ(started.standing(), [&] {
        JournaledQueues without(otherwise, clock, others);
        EXPECT_TRUE(without.recover());
        return without.standing();
    }());
}

TEST_F(CheckpointSpec, one_that_cannot_be_written_leaves_the_one_before) {
    use(5);
    ASSERT_TRUE(checkpoints_of().complete());
    auto const before = store.durable().position;
    use(5);
    QueueCheckpoints maker(store, lineage,
                           {[this] { return file; },
                            [](std::span<std::uint8_t const>) -> Result<void> {
                                return unexpected(
                                    Failure{FailureKind::unavailable, "the disk is full"});
                            }},
                           1);
    EXPECT_EQ(maker.complete().error().kind, FailureKind::unavailable);
    auto reader = checkpoints_of();
    EXPECT_EQ(standing_of_a_start(&reader), standing_of_a_start(nullptr));
    EXPECT_EQ(reader.position(), before);
}

TEST_F(CheckpointSpec, followers_of_open_business_need_not_read_what_queues_did) {
    use(10);
    auto const open = store.read_open({}, {}, ports::Limit(10)).value();
    EXPECT_EQ(open.up_to, store.durable().position);
    EXPECT_TRUE(open.page.empty());
}

} // namespace
} // namespace kontor::hosting
