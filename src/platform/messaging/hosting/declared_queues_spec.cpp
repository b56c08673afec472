#include "platform/messaging/hosting/declared_queues.hpp"

#include "adapters/memory/event_store.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"
#include "topology/shop.hpp"

#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <gtest/gtest.h>

namespace kontor::hosting {
namespace {

class DeclaredQueuesSpec : public ::testing::Test {
protected:
    /// How many facts it takes.
    std::uint64_t declare() {
        auto const before = store.durable().position.value();
        EXPECT_TRUE(declare_queues(queues.admin(), topology::shop));
        EXPECT_TRUE(queues.do_work({100}));
        return store.durable().position.value() - before;
    }
    ports::QueueDescription find(std::string_view name) {
        return queues.admin().find(ports::QueueName(name)).value();
    }

    testing::HandClock clock;
    testing::SecretDice secrets;
    memory::EventStore store{clock};
    JournaledQueues queues{store, clock, secrets};
};

TEST_F(DeclaredQueuesSpec, what_is_declared_stands_with_all_that_it_says) {
    EXPECT_EQ(declare(), topology::shop.queues.size());
    for (auto const& queue : topology::shop.queues) {
        auto const stands = find(queue.name);
        EXPECT_EQ(stands.owner, ports::QueueOwner::topology);
        EXPECT_EQ(stands.settings.visibility, Duration::seconds(queue.visibility_seconds));
        EXPECT_EQ(stands.settings.retention, Duration::seconds(queue.retention_seconds));
        EXPECT_EQ(stands.settings.receive_wait, Duration::seconds(20));
    }
    auto const payments = find("payment-processing.fifo").settings;
    EXPECT_EQ(payments.kind, ports::QueueKind::fifo);
    EXPECT_EQ(payments.redrive, (ports::RedrivePolicy{ports::QueueName("dead-letter.fifo"), 5,
                                                      ports::DeadLetterPolicy::park}));
    EXPECT_EQ(payments.deduplication_scope, ports::DeduplicationScope::message_group);
    auto const dead = find("dead-letter").settings;
    EXPECT_EQ(dead.redrive_allow.kind, ports::RedriveAllow::Kind::by_queue);
    EXPECT_EQ(dead.redrive_allow.sources.size(), 3U);
    EXPECT_FALSE(dead.redrive);
}

TEST_F(DeclaredQueuesSpec, what_stands_as_declared_leaves_no_fact) {
    declare();
    EXPECT_EQ(declare(), 0U);
    JournaledQueues again(store, clock, secrets);
    ASSERT_TRUE(again.recover());
    EXPECT_TRUE(declare_queues(again.admin(), topology::shop));
    EXPECT_TRUE(again.do_work({100}));
    EXPECT_EQ(store.durable().position.value(), topology::shop.queues.size());
}

TEST_F(DeclaredQueuesSpec, what_stands_otherwise_is_set_as_declared) {
    ports::QueueChange change;
    change.visibility = Duration::seconds(7);
    ASSERT_TRUE(queues.admin().create(ports::QueueName("analytics"), ports::QueueKind::standard,
                                      change, ports::QueueOwner::caller));
    declare();
    EXPECT_EQ(find("analytics").settings.visibility, Duration::seconds(60));
    ASSERT_TRUE(queues.admin().change(ports::QueueName("notifications"), change,
                                      ports::QueueOwner::topology));
    declare();
    EXPECT_EQ(find("notifications").settings.visibility, Duration::seconds(60));
}

TEST_F(DeclaredQueuesSpec, nobody_else_removes_or_changes_them) {
    declare();
    ports::QueueName const name("notifications");
    auto const is_denied = [](Result<ports::QueueMark, ports::QueueFault> const& answer) {
        return !answer && std::get<ports::QueueRefusal>(answer.error()).error ==
                              ports::QueueError::access_denied;
    };
    EXPECT_TRUE(is_denied(queues.admin().remove(name, ports::QueueOwner::caller)));
    EXPECT_TRUE(is_denied(queues.admin().change(name, {}, ports::QueueOwner::caller)));
}

} // namespace
} // namespace kontor::hosting
