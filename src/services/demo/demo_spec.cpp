#include "services/demo/shoppers.hpp"

#include "adapters/memory/event_store.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

#include <fmt/core.h>

#include <set>

namespace kontor::services::demo {
namespace {

/// A shop that says yes to everything, as far as the shoppers can tell.
class FriendlyShop {
public:
    FriendlyShop(std::uint64_t seed, ShopperOptions options) : shoppers(Random(seed), options) {}

    void run(Duration length) {
        for (Duration const end = now + length; now < end;
             now = now + Duration::milliseconds(100)) {
            std::vector<ShopperCall> calls;
            shoppers.advance(now, calls);
            for (auto const& call : calls) {
                told += fmt::format("{} {} {}\n", call.method, call.path, call.body);
                keys.insert(call.idempotency_key);
                shoppers.answered({call.visit, status_of(call), body_of(call)}, now);
            }
        }
    }

    static std::uint16_t status_of(ShopperCall const& call) {
        return call.path == "/v1/orders" || call.path.ends_with("/returns") ? 201 : 200;
    }
    static std::string_view body_of(ShopperCall const& call) {
        if (call.path == "/v1/quotes")
            return R"({"total":{"amount":1234,"currency":"GBP"},"shipping_method":"post"})";
        if (call.path.ends_with("/returns"))
            return R"({"id":"ret_1"})";
        return R"({"id":"ord_1","state":"completed"})";
    }

    Shoppers shoppers;
    Duration now{Duration::seconds(1)};
    std::string told;
    std::set<std::string> keys;
};

TEST(Shoppers, the_same_seed_makes_the_same_customers_do_the_same) {
    FriendlyShop one(7, {});
    FriendlyShop other(7, {});
    FriendlyShop different(8, {});
    for (auto* const shop : {&one, &other, &different})
        shop->run(Duration::seconds(20));
    EXPECT_EQ(one.told, other.told);
    EXPECT_NE(one.told, different.told);
}

TEST(Shoppers, they_buy_at_the_wanted_rate_and_some_cancel_and_some_send_back) {
    FriendlyShop shop(1, {.opening_orders = 0});
    shop.run(Duration::minutes(10));
    auto const& counts = shop.shoppers.counts();
    EXPECT_NEAR(static_cast<double>(counts.placed), 1200, 120);
    EXPECT_GT(counts.declined, 20u);
    EXPECT_GT(counts.cancelled, 40u);
    EXPECT_GT(counts.returned, 20u);
    EXPECT_NE(shop.told.find(R"("expected_total":{"amount":1234,)"), std::string::npos);
    EXPECT_NE(shop.told.find(R"("shipping_method":"post")"), std::string::npos);
}

TEST(Shoppers, after_the_last_order_nobody_comes_any_more) {
    FriendlyShop shop(1, {.opening_orders = 30, .orders_max = 20});
    shop.run(Duration::minutes(3));
    EXPECT_EQ(shop.shoppers.counts().placed, 20u);
    EXPECT_EQ(shop.shoppers.open_visits(), 0u);
}

TEST(Shoppers, a_call_that_met_a_full_shop_is_repeated_with_its_key) {
    Shoppers shoppers(Random(3), {.opening_orders = 0, .orders_max = 1});
    std::multiset<std::string> keys;
    Duration now = Duration::seconds(1);
    for (int round = 0; round < 600; ++round, now = now + Duration::milliseconds(100)) {
        std::vector<ShopperCall> calls;
        shoppers.advance(now, calls);
        for (auto const& call : calls) {
            if (!call.idempotency_key.empty())
                keys.insert(call.idempotency_key);
            bool const refuses = call.path == "/v1/orders" && keys.size() < 3;
            shoppers.answered({call.visit,
                               refuses ? std::uint16_t{503} : FriendlyShop::status_of(call),
                               FriendlyShop::body_of(call)},
                              now);
        }
        if (shoppers.counts().placed == 1)
            break;
    }
    EXPECT_EQ(keys.count(*keys.begin()), 3u);
    EXPECT_EQ(shoppers.counts().placed, 1u);
}

TEST(DemoSeeding, the_doors_open_with_everything_there_and_opening_them_twice_changes_nothing) {
    testing::HandClock clock;
    memory::EventStore store{clock};
    ShopDesk desk(store, Shop{demo_locations()});
    for (int time = 0; time < 2; ++time) {
        for (auto& request : demo_seeding(Random(42), clock.now()))
            ASSERT_TRUE(desk.take(std::move(request)));
        ASSERT_TRUE(desk.flush());
        EXPECT_EQ(store.durable().position.value(), 200u * 5 + 50) << "time " << time;
    }
    EXPECT_EQ(desk.counters().refusals, 0u);
}

} // namespace
} // namespace kontor::services::demo
