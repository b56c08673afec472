#pragma once

/// A router over a log in RAM, for its specs.

#include "adapters/memory/event_store.hpp"
#include "platform/messaging/hosting/declared_queues.hpp"
#include "platform/messaging/router/router.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/news.hpp"
#include "tests/support/passing_store.hpp"
#include "tests/support/secret_dice.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace kontor::router {

/// A log that has as much room as it is told.
struct NarrowLog final : testing::PassingStore {
    using PassingStore::PassingStore;
    ports::Room room() const override { return left; }
    ports::Room left{ports::Room::ample};
};

struct RouterWorld {
    explicit RouterWorld(RouterOptions wanted = {}) : options(std::move(wanted)) {}

    /// What was decided and not written is gone.
    void open() {
        router.reset();
        queues.emplace(log, clock, secrets);
        ASSERT_TRUE(queues->recover());
        ASSERT_TRUE(hosting::declare_queues(queues->admin(), topology::shop));
        router.emplace(store, *queues, clock, *topology, options);
        auto const recovered = router->recover();
        ASSERT_TRUE(recovered) << to_string(recovered.error());
    }
    void tell(testing::News const& news, ActorKind by = ActorKind::customer) {
        ports::Batch batch;
        testing::add_news(batch, news, ++told, clock.now(), by);
        ASSERT_TRUE(store.append(batch));
    }
    void tell_kind(std::uint64_t kind, ActorKind by = ActorKind::customer) {
        tell(testing::a_kind_of_news(kind), by);
    }
    void route() {
        constexpr int turns_max = 1'000;
        for (int turn = 0; turn < turns_max; ++turn) {
            auto const done = router->do_work({100});
            ASSERT_TRUE(done) << to_string(done.error());
            ASSERT_TRUE(queues->do_work({100}));
            if (done->items == 0)
                return;
        }
        FAIL() << "the router reads what it wrote, for ever";
    }
    std::vector<ports::ReceivedMessage> receive(std::string_view queue) {
        auto received = queues->queue().receive(ports::QueueName(queue), {1000, {}, {}});
        EXPECT_TRUE(received.has_value());
        return received ? std::move(received->messages) : std::vector<ports::ReceivedMessage>();
    }
    std::vector<std::string> bodies(std::string_view queue) {
        std::vector<std::string> all;
        for (auto const& message : receive(queue))
            all.push_back(message.body);
        return all;
    }
    std::uint64_t log_size() const { return store.durable().position.value(); }

    topology::Topology const* topology{&topology::shop};
    RouterOptions options;
    testing::HandClock clock;
    testing::SecretDice secrets;
    memory::EventStore store{clock};
    NarrowLog log{store};
    std::optional<hosting::JournaledQueues> queues;
    std::optional<Router> router;
    std::uint64_t told{0};
};

} // namespace kontor::router
