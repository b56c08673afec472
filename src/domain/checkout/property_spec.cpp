#include "domain/checkout/draft.hpp"
#include "domain/checkout/read.hpp"
#include "domain/checkout/rules.hpp"
#include "tests/support/purchase.hpp"
#include "tests/support/shop_model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::checkout::spec {
namespace {

/// After faults stop, nothing may wait longer than this: 30 + 14 days, and what a return, an
/// inspection and a slow refund add.
constexpr Duration longest = Duration::days(44 + 30 + 14 + 21);

TEST(Properties, every_order_ends_and_its_money_with_it) {
    EXPECT_TRUE(rc::check("whatever the world does", [](std::uint64_t seed) {
        ShopModel shop(seed);
        shop.live();
        RC_ASSERT(shop.phase() == Phase::done);
        RC_ASSERT(is_terminal(shop.state()));
        RC_ASSERT(shop.now() - noon <= longest);
        RC_ASSERT(shop.held() == 0);
        RC_ASSERT(shop.is_order_over());
        RC_ASSERT(shop.open_reservations() == 0);
        RC_ASSERT(shop.open_parcels() == 0);
        auto const due = shop.shipped() - shop.returned();
        RC_LOG() << "captured " << shop.captured() << " refunded " << shop.refunded()
                 << " uncollected " << shop.uncollected() << " due " << due;
        auto const net = shop.captured() - shop.refunded();
        RC_ASSERT(net >= 0);
        if (shop.uncollected() == 0)
            RC_ASSERT(net == due);
        // What was never collected is not given back when it returns after the order is complete.
        RC_ASSERT(net + shop.uncollected() >= due);
        RC_ASSERT(net + shop.uncollected() <= shop.shipped());
    }));
}

TEST(Properties, a_fact_told_twice_gives_nothing) {
    EXPECT_TRUE(rc::check("right after the first time", [](std::uint64_t seed) {
        ShopModel shop(seed);
        shop.tell_twice = true;
        shop.live();
        RC_ASSERT(shop.steps_by_repetition() == 0);
    }));
}

TEST(Properties, facts_in_any_sequence_never_break_the_process) {
    EXPECT_TRUE(rc::check("shuffled and repeated", [](std::uint64_t seed) {
        ShopModel shop(seed);
        shop.keep_told = true;
        shop.live();
        Random dice(seed);
        testing::GivenProcess<Process> other;
        for (int i = 0; i < 200; ++i) {
            other.at(other.now() + Duration::minutes(dice.between(0, 60)));
            if (dice.chance(1, 4))
                other.when(DeadlineReached{});
            else
                shop.retell(dice.below(shop.told()), other);
        }
    }));
}

TEST(Properties, folding_the_fact_gives_the_state_that_was_decided_upon) {
    EXPECT_TRUE(rc::check("at each step", [](std::uint64_t seed) {
        ShopModel shop(seed);
        shop.on_step = [](State const& before, Advanced const& event, Context const& context) {
            auto state = before;
            Outputs outputs;
            Draft draft(outputs, state, Noted(event.input), context);
            go_on(draft);
            draft.finish();
            RC_ASSERT(outputs.events.front() == Event(event));
            RC_ASSERT(state == evolve(before, event));
        };
        shop.live();
    }));
}

TEST(Properties, no_step_reads_the_wall_clock) {
    EXPECT_TRUE(
        rc::check("the same story a day later takes the same steps", [](std::uint64_t seed) {
            ShopModel today(seed);
            ShopModel tomorrow(seed);
            tomorrow.start_later(Duration::days(1));
            today.live();
            tomorrow.live();
            RC_ASSERT(today.steps() == tomorrow.steps());
            RC_ASSERT(today.captured() == tomorrow.captured());
        }));
}

} // namespace
} // namespace kontor::checkout::spec
