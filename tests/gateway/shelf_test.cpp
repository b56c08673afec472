#include "services/gateway/rows.hpp"
#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kontor::services::gateway {
namespace {

class ShelfRoute : public ::testing::Test {
protected:
    void add(std::string const& sku, std::string const& title, std::string const& category,
             int pence) {
        auto const added = shop.post(
            "/v1/products", R"({"sku":")" + sku + R"(","title":")" + title + R"(","category":")" +
                                category + R"(","tax_class":"standard","weight_g":10})");
        ASSERT_EQ(added.status, 201) << added.body;
        auto const priced =
            shop.ask({Method::put,
                      "/v1/products/" + sku + "/price",
                      R"({"price":{"amount":)" + std::to_string(pence) + R"(,"currency":"GBP"}})",
                      shop.all,
                      {{"if-match", added.header("ETag")}}});
        ASSERT_EQ(priced.status, 200) << priced.body;
    }
    void receive(std::string const& sku, int units) {
        auto const received =
            shop.post("/v1/inventory/" + sku + "/main/receipts",
                      R"({"quantity":)" + std::to_string(units) + R"(,"reference":"note 1"})", {},
                      "receive-" + sku);
        ASSERT_EQ(received.status, 201) << received.body;
    }
    /// The parameter that a refusal names.
    std::string refused(std::string const& query) {
        auto const got = shop.get("/v1/products?" + query);
        EXPECT_EQ(got.status, 400) << query << ": " << got.body;
        return got.at("errors.0.pointer");
    }

    ShopDoor shop;
};

TEST_F(ShelfRoute, a_search_tells_what_there_is_of_each_kind) {
    add("MUG", "Oak mug", "mugs", 900);
    add("CUP", "Oak cup", "mugs", 500);
    add("PEN", "Pen", "paper", 300);
    receive("CUP", 3);
    auto const page = shop.get("/v1/products?q=oak&currency=GBP&sort=price&min_position=1");
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.at("data.0.sku"), "CUP");
    EXPECT_EQ(page.at("data.0.availability.state"), "low");
    EXPECT_EQ(page.at("data.0.availability.left"), "3");
    EXPECT_EQ(page.at("data.1.sku"), "MUG");
    EXPECT_EQ(page.at("data.1.availability.state"), "sold_out");
    EXPECT_EQ(page.at("facets.products"), "2");
    EXPECT_EQ(page.at("facets.categories.0.category"), "mugs");
    EXPECT_EQ(page.at("facets.categories.0.products"), "2");
    EXPECT_EQ(page.at("facets.in_stock"), "1");
    EXPECT_EQ(page.at("facets.out_of_stock"), "1");
    EXPECT_EQ(page.at("facets.price.min.amount"), "500");
    EXPECT_EQ(page.at("facets.price.max.amount"), "900");
    EXPECT_EQ(shop.get("/v1/products").at("facets.price"), "") << "no currency is asked for";
    auto const cheap = shop.get("/v1/products?currency=GBP&price_min=301&price_max=500");
    EXPECT_EQ(cheap.count("data"), 1U);
    EXPECT_EQ(cheap.at("facets.products"), "1");
}

TEST_F(ShelfRoute, pages_of_any_sort_show_each_product_once_and_prev_leads_back) {
    for (int n = 0; n < 9; ++n)
        add("P" + std::to_string(n), "Title " + std::to_string(n % 4), "all", 100 + n / 3);
    for (std::string const sort : {"sku", "title", "price", "price_desc", "newest"}) {
        std::multiset<std::string> seen;
        std::string first_page;
        auto path = "/v1/products?currency=GBP&limit=4&sort=" + sort;
        for (int pages = 0; !path.empty() && pages < 5; ++pages) {
            auto const page = shop.get(path);
            ASSERT_EQ(page.status, 200) << page.body;
            for (std::size_t n = 0; n < page.count("data"); ++n)
                seen.insert(page.at("data." + std::to_string(n) + ".sku"));
            if (pages == 0)
                first_page = page.body;
            if (pages == 1) {
                EXPECT_EQ(shop.get(page.at("prev")).body, first_page) << sort;
            }
            path = page.at("next");
        }
        EXPECT_EQ(seen.size(), 9U) << sort;
        EXPECT_EQ(std::set(seen.begin(), seen.end()).size(), 9U) << sort;
    }
}

TEST_F(ShelfRoute, rows_that_are_folded_anew_are_waited_for_and_not_shown_empty) {
    EXPECT_EQ(shop.get("/v1/orders").status, 200) << "of a shop without a fact there is none";
    shop.follow(false);
    shop.stock_the_shelves();
    for (auto const* const path : {"/v1/products", "/v1/orders", "/v1/inventory"}) {
        auto const behind = shop.get(std::string(path) + "?wait_ms=0");
        EXPECT_EQ(behind.status, 503) << path << ": " << behind.body;
        EXPECT_EQ(behind.at("name"), "read_model_behind");
        EXPECT_EQ(behind.header("Retry-After"), "1");
    }
    auto const waiting = shop.start({.path = "/v1/products", .token = shop.all});
    shop.settle();
    EXPECT_FALSE(shop.collected(waiting));
    shop.follow(true);
    shop.settle();
    shop.live(Duration::milliseconds(5));
    ASSERT_TRUE(shop.collected(waiting));
    EXPECT_EQ(shop.collected(waiting)->at("data.0.availability.state"), "available");
}

TEST_F(ShelfRoute, without_rows_of_stock_a_search_asks_to_come_back) {
    add("MUG", "Oak mug", "mugs", 900);
    ASSERT_TRUE(shop.models.discard(shape_of(Model::stock)));
    auto const behind = shop.get("/v1/products");
    EXPECT_EQ(behind.status, 503) << behind.body;
    EXPECT_EQ(behind.at("name"), "read_model_behind");
    EXPECT_EQ(behind.header("Retry-After"), "1");
}

TEST_F(ShelfRoute, whoever_names_a_position_sees_the_stock_of_then_and_others_that_of_just_now) {
    add("MUG", "Oak mug", "mugs", 900);
    receive("MUG", 3);
    EXPECT_EQ(shop.get("/v1/products").at("data.0.availability.left"), "3");
    auto const more = shop.post("/v1/inventory/MUG/main/receipts",
                                R"({"quantity":1,"reference":"note 2"})", {}, "receive-more");
    ASSERT_EQ(more.status, 201) << more.body;
    EXPECT_EQ(shop.get("/v1/products?min_position=1").at("data.0.availability.left"), "3")
        << "half a second old will do";
    auto const newest = "/v1/products?min_position=" + more.header("Kontor-Position");
    EXPECT_EQ(shop.get(newest).at("data.0.availability.left"), "4");
}

TEST_F(ShelfRoute, units_go_to_another_location_whole_once_and_by_one_command) {
    shop.stock_the_shelves();
    auto const move = [&](std::string const& key, int units, std::string const& to) {
        return shop.post("/v1/inventory/MUG/main/transfers",
                         R"({"to":")" + to + R"(","quantity":)" + std::to_string(units) + "}", {},
                         key);
    };
    auto const moved = move("m1", 4, "north");
    ASSERT_EQ(moved.status, 201) << moved.body;
    EXPECT_EQ(moved.at("location"), "main");
    EXPECT_EQ(moved.at("on_hand"), "6");
    EXPECT_EQ(shop.get("/v1/inventory/MUG/north").at("on_hand"), "4");
    EXPECT_EQ(move("m1", 4, "north").body, moved.body) << "the same key is the same move";
    EXPECT_EQ(shop.get("/v1/inventory/MUG/north").at("on_hand"), "4");
    auto const movements = shop.get("/v1/inventory/MUG/north/movements");
    EXPECT_EQ(movements.at("data.0.type"), "stock.adjusted") << movements.body;
    EXPECT_EQ(movements.at("data.0.data.reason"), "transferred") << movements.body;

    EXPECT_EQ(move("m2", 7, "north").at("name"), "would_break_promise");
    EXPECT_EQ(move("m3", 1, "main").at("name"), "body_invalid");
    EXPECT_EQ(move("m3", 1, "main").at("errors.0.pointer"), "/to");
    EXPECT_EQ(move("m4", 0, "north").at("name"), "body_invalid");
    EXPECT_EQ(move("", 1, "north").status, 400) << "without a key it might be made twice";
    auto const none =
        shop.post("/v1/inventory/MUG/nowhere/transfers", R"({"to":"main","quantity":1})", {}, "m5");
    EXPECT_EQ(none.status, 404) << none.body;
    EXPECT_EQ(shop.get("/v1/inventory/MUG/main").at("on_hand"), "6");
    EXPECT_EQ(shop.get("/v1/inventory/MUG/north").at("on_hand"), "4");
}

TEST_F(ShelfRoute, half_a_transfer_cannot_be_written_by_hand) {
    shop.stock_the_shelves();
    auto const half = shop.ask({Method::post,
                                "/v1/inventory/MUG/main/adjustments",
                                R"({"delta":3,"reason":"from the north","kind":"transferred"})",
                                shop.all,
                                {{"idempotency-key", "a1"}, {"if-match", "*"}}});
    EXPECT_EQ(half.status, 422) << half.body;
    EXPECT_EQ(half.at("errors.0.pointer"), "/kind");
}

TEST_F(ShelfRoute, a_cursor_of_one_sort_is_none_of_another) {
    for (int n = 0; n < 3; ++n)
        add("P" + std::to_string(n), "Title", "all", 100);
    auto next = shop.get("/v1/products?limit=1&sort=title").at("next");
    auto const at = next.find("sort=title");
    ASSERT_NE(at, std::string::npos) << next;
    next.replace(at, 10, "sort=newest");
    EXPECT_EQ(shop.get(next).at("name"), "cursor_invalid");
}

TEST_F(ShelfRoute, what_cannot_be_asked_is_refused_by_the_name_of_the_parameter) {
    EXPECT_EQ(refused("sort=cheapest"), "sort");
    EXPECT_EQ(refused("sort=price"), "sort") << "in which currency?";
    EXPECT_EQ(refused("price_min=5"), "price_min");
    EXPECT_EQ(refused("currency=GBP&price_min=9&price_max=5"), "price_max");
    EXPECT_EQ(refused("currency=GBP&price_min=-1"), "price_min");
    EXPECT_EQ(refused("in_stock=yes"), "in_stock");
    EXPECT_EQ(refused("limit=201"), "limit");
    EXPECT_EQ(refused("currency=pounds"), "currency");
}

} // namespace
} // namespace kontor::services::gateway
