#include "tests/support/secret_dice.hpp"

#include "adapters/memory/event_store.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>

namespace kontor::contract {
namespace {

class StoppedClock final : public Clock {
public:
    Instant now() override { return Instant::from_unix_microseconds(1'700'000'000'000'000); }
    Duration monotonic() override { return {}; }
};

class CountingBell final : public ports::QueueBell {
public:
    void ring(ports::QueueName const&) override { ++rings; }
    void ring_durable() override { ++rings; }
    std::atomic<int> rings{0};
};

ports::QueueName const work("work.fifo");
constexpr int senders = 2;
constexpr int receivers = 2;
constexpr int each = 2'000;

void send(ports::Queue& queue, int sender) {
    for (int n = 0; n < each; ++n) {
        auto const body = std::to_string(sender) + "-" + std::to_string(n);
        std::vector const messages{ports::OutgoingMessage{
            .body = body, .group_id = std::to_string(n % 7), .deduplication_id = body}};
        while (!queue.send(work, {}, messages))
            std::this_thread::yield();
    }
}

TEST(QueueThreads, every_message_is_settled_once_whoever_asks) {
    StoppedClock clock;
    testing::SecretDice secrets;
    memory::EventStore store(clock);
    hosting::JournaledQueues queues(store, clock, secrets);
    ASSERT_TRUE(queues.admin().create(work, ports::QueueKind::fifo, {}, ports::QueueOwner::caller));
    CountingBell bell;
    queues.progress().listen(bell);
    std::atomic<int> settled{0};
    std::atomic<bool> ends{false};
    std::vector<std::set<std::string>> seen(receivers);
    std::vector<std::thread> threads;
    for (int sender = 0; sender < senders; ++sender)
        threads.emplace_back([&, sender] { send(queues.queue(), sender); });
    for (int receiver = 0; receiver < receivers; ++receiver)
        threads.emplace_back([&, receiver] {
            while (settled < senders * each) {
                auto const received = queues.queue().receive(work, {10, {}, {}});
                std::vector<ports::Settlement> settlements;
                for (auto const& message : received->messages) {
                    seen[static_cast<std::size_t>(receiver)].insert(message.body);
                    settlements.push_back({message.receipt, ports::Ending::done, {}});
                }
                if (settlements.empty()) {
                    std::this_thread::yield();
                    continue;
                }
                auto const answers = queues.queue().settle(work, settlements);
                for (auto const& answer : answers->entries)
                    settled += answer.value() == ports::Settled::now ? 1 : 0;
            }
        });
    std::thread writer([&] {
        while (!ends)
            ASSERT_TRUE(queues.do_work({10}));
    });
    for (auto& thread : threads)
        thread.join();
    ends = true;
    writer.join();
    queues.progress().forget(bell);
    EXPECT_EQ(settled, senders * each);
    EXPECT_EQ(seen[0].size() + seen[1].size(), static_cast<std::size_t>(senders * each))
        << "nobody saw what another had";
    EXPECT_GT(bell.rings, 0);
    EXPECT_TRUE(queues.is_whole());
}

} // namespace
} // namespace kontor::contract
