#include "programs/node/watched_projector.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/read_models.hpp"
#include "services/views/models.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kontor::programs {
namespace {

struct StrictHand final : ports::Hand {
    bool take(Id128 what) override {
        named.insert(what);
        return !refuses;
    }
    void let_go() override {}

    bool refuses{false};
    std::set<Id128> named{};
};

class Watched : public ::testing::Test {
protected:
    void receive() {
        ports::Batch batch;
        batch.begin_commit({CommandId(Id128(1, ++commands)), {}, {}, clock.now(), {}});
        auto const stream =
            batch.add_stream(StreamId::stock(place, sku), ports::ExpectedVersion::any());
        batch.add_event(
            stream,
            codec::encode(stock::Event(stock::Received{sku, place, Quantity::of(1), "po", {}}),
                          batch.buffer()));
        ASSERT_TRUE(store.append(batch));
    }
    void work() {
        for (int i = 0; i < 10; ++i)
            ASSERT_TRUE(agent.do_work({100}));
    }

    Location const place = Location::parse("main").value();
    Sku const sku = Sku::parse("MUG").value();
    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    memory::ReadModels models;
    projections::Projector projector{store, models, services::views::kept_models().front().make};
    StrictHand hand;
    WatchedProjector agent{projector, hand};
    std::uint64_t commands{0};
};

TEST_F(Watched, poison_pauses_its_read_model_and_one_that_is_released_goes_on) {
    receive();
    work();
    auto const before = projector.status().checkpoint.position;
    ASSERT_EQ(before, ports::Position(1));
    receive();
    hand.named.clear();
    hand.refuses = true;
    work();
    EXPECT_EQ(hand.named.size(), 1U) << "where the next fold begins, each time the same";
    auto const halted = projector.status();
    EXPECT_EQ(halted.state, projections::ProjectorState::paused);
    EXPECT_NE(halted.pause_reason.find("what follows position 1"), std::string::npos);
    EXPECT_EQ(halted.checkpoint.position, before);
    projector.resume();
    work();
    EXPECT_EQ(projector.status().checkpoint.position, before) << "not released";
    hand.refuses = false;
    projector.resume();
    work();
    EXPECT_EQ(projector.status().checkpoint.position, ports::Position(2));
}

} // namespace
} // namespace kontor::programs
