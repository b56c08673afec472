#include "tests/gateway/shop_door.hpp"

#include "platform/commands/limits.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kontor::services::gateway {
namespace {

using resilience::Urgency;

/// More comes than is done: the desk has not begun with what lies before it.
class SheddingSpec : public ::testing::Test {
protected:
    SheddingSpec() {
        shop.stock_the_shelves();
        shop.add_many_shelves();
    }

    /// Fills the desk's inbox up to so many thousandths.
    void fill_up_to(std::size_t thousandths) {
        auto const wanted = commands::inbox_max * thousandths / 1000;
        for (; handed_in_ < wanted; ++handed_in_)
            last_ = shop.start_receipt(handed_in_);
    }
    Got knock(std::string path, Method method = Method::get) {
        Knock knock{method, std::move(path), {}, shop.all};
        if (method == Method::post) {
            knock.body = R"({"quantity":1,"reference":"po"})";
            knock.headers = {{"idempotency-key", "one more"}};
        }
        return shop.answered_at_once(knock);
    }
    bool is_let_in(Got const& got) const { return got.status != 503; }

    ShopDoor shop;
    Ticket last_{0};

private:
    std::size_t handed_in_{0};
};

std::string const analytics = "/v1/events?limit=1";
std::string const browse = "/v1/products/MUG";
std::string const status = "/v1/session";
std::string const checkout = "/v1/inventory/MUG/main/receipts";

TEST_F(SheddingSpec, what_can_wait_is_refused_first_and_buying_last) {
    fill_up_to(490);
    for (auto const& path : {analytics, browse, status})
        EXPECT_TRUE(is_let_in(knock(path))) << path;
    fill_up_to(600);
    EXPECT_FALSE(is_let_in(knock(analytics)));
    EXPECT_TRUE(is_let_in(knock(browse)));
    fill_up_to(800);
    EXPECT_FALSE(is_let_in(knock(browse)));
    EXPECT_TRUE(is_let_in(knock(status)));
    fill_up_to(900);
    EXPECT_FALSE(is_let_in(knock(status)));
    fill_up_to(1000);
    EXPECT_EQ(shop.gateway().parts().turned_away.shed,
              (std::array<std::uint64_t, urgencies>{1, 1, 1, 0}));
    EXPECT_FALSE(is_let_in(knock(checkout, Method::post)));
    EXPECT_EQ(shop.gateway().parts().turned_away.shed[static_cast<std::size_t>(Urgency::checkout)],
              1U);
    shop.settle();
    EXPECT_EQ(shop.collected(last_)->status, 201) << "what was let in is done";
    for (auto const& path : {analytics, browse, status})
        EXPECT_TRUE(is_let_in(knock(path))) << "everything is well again: " << path;
}

TEST_F(SheddingSpec, a_desk_that_stands_still_counts_as_much_as_a_full_one) {
    fill_up_to(1);
    shop.clock.pass(Duration::milliseconds(600));
    EXPECT_FALSE(is_let_in(knock(analytics)));
    EXPECT_TRUE(is_let_in(knock(browse)));
    shop.clock.pass(Duration::milliseconds(500));
    EXPECT_FALSE(is_let_in(knock(checkout, Method::post)));
}

TEST_F(SheddingSpec, what_nobody_follows_holds_new_orders_back_before_other_writes) {
    auto const sale = [this] {
        return shop.answered_at_once({Method::post, "/v1/orders", "{}", shop.all}).at("name");
    };
    shop.node.facts_behind = 49'999;
    EXPECT_TRUE(is_let_in(knock(analytics)));
    shop.node.facts_behind = 99'999;
    EXPECT_FALSE(is_let_in(knock(status)));
    EXPECT_NE(sale(), "overloaded");
    shop.node.facts_behind = 100'000;
    EXPECT_EQ(sale(), "overloaded");
    EXPECT_TRUE(is_let_in(knock(checkout, Method::post)));
    shop.node.facts_behind = 200'000;
    EXPECT_FALSE(is_let_in(knock(checkout, Method::post)));
    shop.node.facts_behind = 10'000'000;
    EXPECT_EQ(shop.get("/healthz").status, 200) << "who asks whether we live is told";
    EXPECT_NE(shop.get("/readyz").at("name"), "overloaded");
    EXPECT_EQ(shop.get("/v1/ops/limits").status, 200) << "and whoever operates gets through";
    shop.node.facts_behind = 0;
    EXPECT_NE(sale(), "overloaded");
    EXPECT_TRUE(is_let_in(knock(analytics)));
}

TEST_F(SheddingSpec, whoever_is_refused_learns_when_to_come_back_and_not_all_at_once) {
    fill_up_to(600);
    std::set<std::string> seconds;
    for (int i = 0; i < 40; ++i) {
        auto const refused = knock(analytics);
        EXPECT_EQ(refused.at("name"), "overloaded");
        seconds.insert(refused.header("Retry-After"));
    }
    EXPECT_GT(seconds.size(), 2U);
    for (auto const& each : seconds)
        EXPECT_TRUE(each >= "1" && each <= "9") << each;
}

TEST_F(SheddingSpec, nothing_of_a_refused_request_is_read) {
    fill_up_to(1000);
    Knock const nonsense{Method::post, "/v1/orders", "this is no JSON", "ktk_nobody"};
    EXPECT_EQ(shop.answered_at_once(nonsense).at("name"), "overloaded");
}

TEST_F(SheddingSpec, what_its_client_gave_up_is_dropped_and_counted) {
    Knock late{Method::get, "/v1", {}, shop.all};
    late.deadline = shop.clock.monotonic() - Duration::milliseconds(1);
    auto const dropped = shop.answered_at_once(late);
    EXPECT_EQ(dropped.status, 504);
    EXPECT_EQ(dropped.at("name"), "deadline_passed");
    EXPECT_EQ(shop.gateway().parts().turned_away.late, 1U);
    late.deadline = shop.clock.monotonic() + Duration::milliseconds(1);
    EXPECT_EQ(shop.answered_at_once(late).status, 200);
    EXPECT_EQ(shop.gateway().parts().turned_away.late, 1U);
}

TEST(Urgency, is_read_from_method_and_address_alone) {
    EXPECT_EQ(urgency_of(Method::get, "/v1/ledger/accounts"), Urgency::analytics);
    EXPECT_EQ(urgency_of(Method::post, "/v1/sheets/products"), Urgency::analytics);
    EXPECT_EQ(urgency_of(Method::get, "/v1/orders/ord_1/timeline"), Urgency::analytics);
    EXPECT_EQ(urgency_of(Method::get, "/v1/products"), Urgency::browse);
    EXPECT_EQ(urgency_of(Method::get, "/v1/productsx"), Urgency::status);
    EXPECT_EQ(urgency_of(Method::get, "/v1/orders/ord_1"), Urgency::status);
    EXPECT_EQ(urgency_of(Method::get, "/v1/ops/limits"), Urgency::status);
    EXPECT_EQ(urgency_of(Method::get, "/readyz"), Urgency::checkout);
    EXPECT_EQ(urgency_of(Method::post, "/v1/orders"), Urgency::checkout);
    EXPECT_EQ(urgency_of(Method::post, "/v1/quotes"), Urgency::checkout);
}

} // namespace
} // namespace kontor::services::gateway
