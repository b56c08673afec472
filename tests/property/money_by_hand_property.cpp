#include "tests/support/shop_model.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace kontor::checkout::spec {
namespace {

/// What the process itself may wait for, and what a return, an inspection and a slow refund add.
constexpr Duration longest = Duration::days(44 + 30 + 14 + 21);

void must_be_at_rest(ShopModel& shop) {
    RC_ASSERT(shop.phase() == Phase::done);
    RC_ASSERT(is_terminal(shop.state()));
    RC_ASSERT(shop.now() - noon <= longest);
    RC_ASSERT(shop.is_order_over());
    RC_ASSERT(shop.held() == 0);
    RC_ASSERT(shop.open_reservations() == 0);
    RC_ASSERT(shop.open_parcels() == 0);
}

/// The books of the model, kept apart from the process: what the provider took and gave.
void must_be_even(ShopModel const& shop) {
    auto const net = shop.captured() - shop.refunded();
    auto const due = shop.shipped() - shop.returned();
    RC_LOG() << "captured " << shop.captured() << " refunded " << shop.refunded() << " uncollected "
             << shop.uncollected() << " due " << due;
    RC_ASSERT(net >= 0);
    if (shop.uncollected() == 0)
        RC_ASSERT(net == due);
    RC_ASSERT(net + shop.uncollected() >= due);
    RC_ASSERT(net + shop.uncollected() <= shop.shipped());
}

// I2 and I3, whatever support asks of the money and whenever: the provider silent or down, the
// order cancelled, sent or come back.
int must_end_even(std::uint64_t seed) {
    ShopModel shop(seed);
    shop.moves_by_hand = true;
    shop.live();
    must_be_at_rest(shop);
    must_be_even(shop);
    return shop.hand_moves();
}

TEST(MoneyByHand, moves_as_it_may_and_every_order_ends_even) {
    int moves = 0;
    EXPECT_TRUE(rc::check("whenever it is asked",
                          [&](std::uint64_t seed) { moves += must_end_even(seed); }));
    EXPECT_GT(moves, 50) << "hardly anything was ever moved by hand";
}

// Two captures by hand of one payment, each under an id of its own: the second once had the first
// one's, and the order waited for its answer for months.
TEST(MoneyByHand, a_second_capture_by_hand_is_not_taken_for_the_first) {
    EXPECT_TRUE(
        rc::check("in a life that once went wrong", [] { RC_ASSERT(must_end_even(3738) >= 2); }));
}

// I4: also between moves by hand a fact that is told twice gives nothing.
TEST(MoneyByHand, a_fact_told_twice_gives_nothing_beside_hand_moves) {
    EXPECT_TRUE(rc::check("right after the first time", [](std::uint64_t seed) {
        ShopModel shop(seed);
        shop.moves_by_hand = true;
        shop.tell_twice = true;
        shop.live();
        RC_ASSERT(shop.steps_by_repetition() == 0);
        must_be_even(shop);
    }));
}

} // namespace
} // namespace kontor::checkout::spec
