#include "adapters/memory/event_store.hpp"
#include "platform/messaging/router/wiring.hpp"
#include "tests/contract/event_bus_contract.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"
#include "tests/support/seed.hpp"
#include "topology/shop.hpp"

#include <algorithm>
#include <set>

namespace kontor::contract {
namespace {

/// The bus over the log, with queues in it.
class HostedBus final : public EventBusUnderTest {
public:
    HostedBus() {
        EXPECT_TRUE(queues_.recover());
        EXPECT_TRUE(router_.recover());
    }

    MessagingPromises promises() const override {
        MessagingPromises made;
        made.busy_targets = false;
        return made;
    }
    ports::EventBus& bus() override { return wiring_; }
    ports::EventBuses& buses() override { return wiring_; }
    ports::EventRules& rules() override { return wiring_; }
    ports::EventTargets& targets() override { return wiring_; }
    ports::EventArchives& archives() override { return wiring_; }
    ports::EventReplays& replays() override { return wiring_; }
    ports::ResourceTags& tags() override { return wiring_; }
    Instant now() override { return clock_.now(); }

    std::string queue_arn(std::string_view name) override {
        ports::QueueName const queue(name);
        if (made_.insert(std::string(name)).second) {
            EXPECT_TRUE(queues_.admin().create(queue, ports::QueueKind::standard, {},
                                               ports::QueueOwner::caller));
        }
        return ports::Arn{"sqs", {}, std::string(name)}.to_string();
    }
    void set_door(std::string_view queue, DoorState state) override {
        ASSERT_EQ(state, DoorState::gone);
        queue_arn(queue);
        ASSERT_TRUE(queues_.admin().remove(ports::QueueName(queue), ports::QueueOwner::caller));
    }
    std::vector<Arrived> take(std::string_view queue) override {
        std::vector<Arrived> all;
        auto received = queues_.queue().receive(ports::QueueName(queue), {1'000, {}, {}});
        if (!received)
            return all;
        for (auto& message : received->messages) {
            ports::Settlement const done{message.receipt, ports::Ending::done, {}};
            EXPECT_TRUE(queues_.queue().settle(ports::QueueName(queue), std::span(&done, 1)));
            all.push_back({std::move(message.body), std::move(message.attributes)});
        }
        return all;
    }
    void pass(Duration time) override {
        constexpr Duration step = Duration::milliseconds(250);
        turn();
        for (auto left = time; left > Duration{}; left = left - step) {
            clock_.pass(std::min(left, step));
            turn();
        }
    }

private:
    void turn() {
        for (;;) {
            auto const routed = router_.do_work({100});
            ASSERT_TRUE(routed) << to_string(routed.error());
            auto const written = queues_.do_work({100});
            ASSERT_TRUE(written) << to_string(written.error());
            if (routed->items == 0)
                return;
        }
    }

    std::set<std::string> made_; ///< queues, whether they are there or gone
    testing::HandClock clock_;
    testing::SecretDice secrets_;
    memory::EventStore store_{clock_};
    hosting::JournaledQueues queues_{store_, clock_, secrets_};
    router::Router router_{store_, queues_, clock_, topology::shop, {}};
    router::Wiring wiring_{router_, queues_, clock_, Random(testing::seed()).fork("wiring"),
                           [this](std::size_t) { return queues_.do_work({100}).has_value(); }};
};

[[maybe_unused]] bool const hosted_registered =
    event_bus_contract("hosted", [] { return std::make_unique<HostedBus>(); });

} // namespace
} // namespace kontor::contract
