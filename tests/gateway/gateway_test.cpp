#include "services/gateway/fact_stream.hpp"
#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

#include <cctype>

namespace kontor::services::gateway {
namespace {

class GatewaySpec : public ::testing::Test {
protected:
    Got place(std::string key, std::int64_t units = 2, std::string const& token = "tok_approve") {
        return shop.post("/v1/orders", shop.order_body(units, token), {}, std::move(key));
    }

    ShopDoor shop;
};

TEST_F(GatewaySpec, a_product_is_added_priced_and_shown_to_everybody) {
    shop.stock_the_shelves();
    auto const shown = shop.ask({.path = "/v1/products/MUG", .listener = Listener::shop});
    EXPECT_EQ(shown.status, 200) << shown.body;
    EXPECT_EQ(shown.at("title"), "A mug");
    EXPECT_EQ(shown.at("prices.0.price.amount"), "1250");
    EXPECT_EQ(shown.at("availability.state"), "available");
    auto const known = shop.ask({.path = "/v1/products/MUG",
                                 .headers = {{"if-none-match", shown.header("ETag")}},
                                 .listener = Listener::shop});
    EXPECT_EQ(known.status, 304);
    auto const listed = shop.get("/v1/products");
    EXPECT_EQ(listed.at("data.0.sku"), "MUG");
    EXPECT_EQ(shop.get("/v1/products?q=mU").count("data"), 1U);
    EXPECT_EQ(shop.get("/v1/products?q=a%20m").count("data"), 1U);
    EXPECT_EQ(shop.get("/v1/products?q=jug").count("data"), 0U);
    EXPECT_EQ(listed.at("has_more"), "false");
}

TEST_F(GatewaySpec, it_lives_even_when_it_is_not_ready_and_says_which_check_is_bad) {
    auto const ready = shop.get("/readyz");
    EXPECT_EQ(ready.status, 200);
    EXPECT_EQ(ready.at("checks.0.check"), "open");
    shop.checks.push_back({"followers", false, "12 events behind"});
    auto const refused = shop.get("/readyz");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.at("detail"), "followers: 12 events behind");
    EXPECT_FALSE(refused.header("Retry-After").empty());
    EXPECT_EQ(shop.get("/healthz").status, 200);
}

TEST_F(GatewaySpec, an_order_is_durable_when_it_is_answered_and_then_runs_to_the_doorstep) {
    shop.stock_the_shelves();
    auto const placed = place("key-1");
    ASSERT_EQ(placed.status, 201) << placed.body;
    EXPECT_EQ(placed.at("state"), "placed");
    EXPECT_EQ(placed.at("version"), "1");
    EXPECT_EQ(placed.header("ETag"), "\"v1\"");
    EXPECT_EQ(placed.at("total.amount"), "2899");
    EXPECT_EQ(placed.at("labels.payment"), "unpaid");
    auto const location = placed.header("Location");
    EXPECT_EQ(location, "/v1/orders/" + placed.at("id"));
    EXPECT_FALSE(placed.header("Kontor-Position").empty());

    shop.live(Duration::minutes(1));
    auto const confirmed = shop.get(location);
    EXPECT_EQ(confirmed.at("state"), "confirmed") << confirmed.body;
    EXPECT_EQ(confirmed.at("labels.payment"), "authorised");
    EXPECT_EQ(confirmed.count("payments"), 1u);
    EXPECT_EQ(shop.get("/v1/inventory/MUG/main").at("reserved"), "2");

    shop.live(Duration::days(10));
    auto const completed = shop.get(location);
    EXPECT_EQ(completed.at("state"), "completed") << completed.body;
    EXPECT_EQ(completed.at("labels.payment"), "paid");
    EXPECT_EQ(completed.at("labels.fulfilment"), "delivered");
    EXPECT_EQ(completed.at("payments.0.captured.amount"), "2899");
    EXPECT_EQ(completed.at("shipments.0.state"), "delivered");
    EXPECT_EQ(shop.get("/v1/inventory/MUG/main").at("on_hand"), "8");

    auto const listed = shop.get("/v1/orders?state=completed");
    EXPECT_EQ(listed.at("data.0.id"), placed.at("id")) << listed.body;
    EXPECT_EQ(listed.at("data.0.total.amount"), "2899");
    auto const told = shop.get(location + "/timeline?detail=full");
    EXPECT_GT(told.count("groups"), 5u) << told.body;
}

TEST_F(GatewaySpec, an_order_is_found_by_the_number_that_people_read_to_each_other) {
    shop.stock_the_shelves();
    auto const first = place("key-1");
    auto const second = place("key-2", 1);
    shop.live(Duration::minutes(1));
    auto const number = second.at("number");
    ASSERT_EQ(number.size(), 9U) << second.body;
    EXPECT_EQ(shop.get("/v1/orders/" + number).at("id"), second.at("id"));
    auto small = number;
    for (auto& letter : small)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    EXPECT_EQ(shop.get("/v1/orders/" + small).at("id"), second.at("id"));
    EXPECT_EQ(shop.get("/v1/orders/" + number + "/timeline").status, 200);
    auto const listed = shop.get("/v1/orders?number=" + number);
    EXPECT_EQ(listed.count("data"), 1U) << listed.body;
    EXPECT_EQ(listed.at("data.0.id"), second.at("id"));
    EXPECT_EQ(shop.get("/v1/orders?state=completed&number=" + number).count("data"), 0U);
    EXPECT_EQ(shop.get("/v1/orders?number=0000-0000").count("data"), 0U);
    EXPECT_EQ(shop.get("/v1/orders?number=K7QM").at("errors.0.pointer"), "number");
    EXPECT_EQ(shop.get("/v1/orders/0000-0000").at("name"), "unknown_order");
    auto const guest = shop.new_guest();
    EXPECT_EQ(
        shop.ask({.path = "/v1/orders/" + number, .headers = guest, .listener = Listener::shop})
            .status,
        404)
        << "another's order is not there";
    auto const cancelled = shop.post("/v1/orders/" + first.at("number") + "/cancel",
                                     R"({"reason":"two is too many"})", {}, "cancel-1");
    EXPECT_EQ(cancelled.at("id"), first.at("id")) << cancelled.body;
}

TEST_F(GatewaySpec, what_one_reads_from_the_log_and_from_the_rows_is_the_same) {
    shop.stock_the_shelves();
    auto const placed = place("key-1");
    shop.live(Duration::days(10));
    auto const one = shop.get("/v1/orders/" + placed.at("id"));
    auto const row = shop.get("/v1/orders");
    for (auto const* const field : {"version", "state", "labels.payment", "labels.fulfilment",
                                    "total.amount", "due.amount", "net.amount", "updated_at"})
        EXPECT_EQ(one.at(field), row.at("data.0." + std::string(field))) << field;
    auto const payment = shop.get("/v1/payments/" + one.at("payments.0.id"));
    EXPECT_EQ(payment.at("captured.amount"), one.at("payments.0.captured.amount"));
    auto const shipment = shop.get("/v1/shipments/" + one.at("shipments.0.id"));
    EXPECT_EQ(shipment.at("state"), one.at("shipments.0.state"));
}

/// Two clicks on one cart have one key; who really wants the same twice gives two.
TEST_F(GatewaySpec, two_keys_are_two_orders) {
    shop.stock_the_shelves();
    auto const first = place("key-1");
    auto const second = place("key-2");
    ASSERT_EQ(second.status, 201) << second.body;
    EXPECT_NE(second.at("id"), first.at("id"));
    EXPECT_EQ(second.header("Idempotency-Replayed"), "");
    EXPECT_EQ(shop.get("/v1/orders").count("data"), 2u);
}

TEST_F(GatewaySpec, the_same_key_and_body_get_the_same_bytes_also_after_a_crash) {
    shop.stock_the_shelves();
    auto const first = place("key-1");
    ASSERT_EQ(first.status, 201) << first.body;
    auto const again = place("key-1");
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Location"), first.header("Location"));
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");

    shop.live(Duration::days(5));
    shop.crash();
    auto const after = place("key-1");
    EXPECT_EQ(after.status, 201);
    EXPECT_EQ(after.body, first.body) << "as it was then, not as it is now";
    EXPECT_EQ(shop.get("/v1/orders").count("data"), 1u);
}

TEST_F(GatewaySpec, the_same_key_with_another_body_is_refused) {
    shop.stock_the_shelves();
    place("key-1", 2);
    auto const other = place("key-1", 1);
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.at("code"), "E1013");
    EXPECT_EQ(place("key-2", 1).status, 201);
}

TEST_F(GatewaySpec, a_key_that_is_being_carried_out_asks_for_patience) {
    shop.stock_the_shelves();
    Knock const knock{
        Method::post, "/v1/orders", shop.order_body(), shop.all, {{"idempotency-key", "key-1"}}};
    auto const first = shop.start(knock);
    auto const second = shop.start(knock);
    shop.settle();
    EXPECT_EQ(shop.collected(first)->status, 201);
    EXPECT_EQ(shop.collected(second)->at("code"), "E1014");
    EXPECT_EQ(shop.collected(second)->header("Retry-After"), "1");
}

TEST_F(GatewaySpec, a_decided_refusal_is_repeated_with_its_particulars) {
    shop.stock_the_shelves();
    auto const id = place("key-1").at("id");
    shop.live(Duration::minutes(1));
    auto const path = "/v1/orders/" + id + "/cancel";
    auto const body = R"({"reason":"too many","lines":[{"line":1,"quantity":3}]})";
    auto const refused = shop.post(path, body, {}, "key-2");
    EXPECT_EQ(refused.status, 422) << refused.body;
    EXPECT_EQ(refused.at("name"), "bad_quantity");
    EXPECT_EQ(refused.at("line"), "1");
    EXPECT_EQ(refused.at("quantity_max"), "2");
    shop.crash();
    auto const again = shop.post(path, body, {}, "key-2");
    EXPECT_EQ(again.body, refused.body);
    EXPECT_EQ(again.status, 422);
}

TEST_F(GatewaySpec, an_order_that_could_not_be_priced_leaves_its_key_free) {
    shop.stock_the_shelves();
    auto body = shop.order_body();
    body.replace(body.find("2899"), 4, "2799");
    auto const changed = shop.post("/v1/orders", body, {}, "key-1");
    EXPECT_EQ(changed.status, 409);
    EXPECT_EQ(changed.at("code"), "E3005");
    EXPECT_EQ(changed.at("quote.total.amount"), "2899");
    EXPECT_EQ(place("key-1").status, 201);
}

TEST_F(GatewaySpec, an_order_once_placed_is_repeated_even_when_prices_have_changed_since) {
    shop.stock_the_shelves();
    auto const first = place("key-1");
    auto const priced = shop.ask({Method::put,
                                  "/v1/products/MUG/price",
                                  R"({"price":{"amount":1500,"currency":"GBP"}})",
                                  shop.all,
                                  {{"if-match", "\"v2\""}}});
    ASSERT_EQ(priced.status, 200) << priced.body;
    auto const again = place("key-1");
    EXPECT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(again.body, first.body);
}

TEST_F(GatewaySpec, what_was_read_before_another_wrote_is_not_replaced) {
    shop.stock_the_shelves();
    Knock knock{Method::patch, "/v1/products/MUG", R"({"title":"A cup"})", shop.all};
    EXPECT_EQ(shop.ask(knock).at("code"), "E1011");
    knock.headers["if-match"] = "\"v1\"";
    auto const late = shop.ask(knock);
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(late.at("current_version"), "2");
    knock.headers["if-match"] = late.header("ETag");
    auto const changed = shop.ask(knock);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.at("title"), "A cup");
    EXPECT_EQ(changed.header("ETag"), "\"v3\"");
}

TEST_F(GatewaySpec, a_list_waits_for_what_was_written_and_says_when_it_cannot) {
    shop.stock_the_shelves();
    shop.follow(false);
    auto const position = place("key-1").header("Kontor-Position");
    EXPECT_EQ(shop.get("/v1/orders?wait_ms=5001").status, 400);
    auto const behind = shop.get("/v1/orders?min_position=" + position + "&wait_ms=20");
    EXPECT_EQ(behind.status, 503);
    EXPECT_EQ(behind.at("code"), "E1015");
    EXPECT_EQ(behind.header("Retry-After"), "1");
    auto const waiting =
        shop.start({.path = "/v1/orders?min_position=" + position, .token = shop.all});
    shop.settle();
    EXPECT_FALSE(shop.collected(waiting));
    shop.follow(true);
    shop.settle();
    shop.live(Duration::milliseconds(5));
    ASSERT_TRUE(shop.collected(waiting));
    EXPECT_EQ(shop.collected(waiting)->count("data"), 1u);
}

TEST_F(GatewaySpec, who_prefers_to_wait_is_told_how_it_ended) {
    shop.stock_the_shelves();
    Knock const knock{Method::post,
                      "/v1/orders",
                      shop.order_body(),
                      shop.all,
                      {{"idempotency-key", "key-1"}, {"prefer", "wait=5"}}};
    auto const settled = shop.ask(knock);
    EXPECT_EQ(settled.status, 201) << settled.body;
    EXPECT_EQ(settled.at("state"), "confirmed");
    EXPECT_TRUE(settled.header("Preference-Applied").starts_with("wait"));
    EXPECT_EQ(shop.ask(knock).body, settled.body);
}

TEST_F(GatewaySpec, orders_of_a_batch_are_each_answered_by_itself) {
    shop.stock_the_shelves();
    auto const in_batch = [&](std::string const& key, std::int64_t units) {
        return R"({"idempotency_key":")" + key + "\"," + shop.order_body(units).substr(1);
    };
    auto const body = R"({"orders":[)" + in_batch("a", 1) + "," + in_batch("b", 2) + "," +
                      in_batch("a", 3) + "]}";
    auto const batch = shop.post("/v1/orders/batch", body);
    EXPECT_EQ(batch.status, 207) << batch.body;
    EXPECT_EQ(batch.at("results.0.status"), "201");
    EXPECT_EQ(batch.at("results.1.status"), "201");
    EXPECT_EQ(batch.at("results.2.problem.code"), "E1014");
    auto const again = shop.post("/v1/orders/batch", body);
    EXPECT_EQ(again.at("results.0.location"), batch.at("results.0.location"));
    EXPECT_EQ(shop.get("/v1/orders").count("data"), 2u);
}

TEST_F(GatewaySpec, who_asks_too_fast_is_told_when_to_come_back) {
    auto const token = shop.make_token({Role::customer});
    Got last;
    for (int i = 0; i <= 10; ++i)
        last = shop.get("/v1/session", token);
    EXPECT_EQ(last.status, 429);
    EXPECT_EQ(last.at("code"), "E2003");
    EXPECT_EQ(last.header("Retry-After"), "1");
    EXPECT_EQ(last.header("RateLimit-Policy"), "\"customer\";q=10;w=1");
    EXPECT_EQ(last.header("RateLimit"), "\"customer\";r=0;t=1");
}

std::size_t count_of(std::string_view text, std::string_view wanted) {
    std::size_t count = 0;
    for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1))
        ++count;
    return count;
}

TEST_F(GatewaySpec, facts_are_told_as_they_become_durable_each_once_and_from_where_one_left) {
    shop.stock_the_shelves();
    FactStream stream(shop.store, shop.clock, {.after = shop.store.durable().position});
    EXPECT_TRUE(stream.next(10'000)->starts_with("event: hello"));
    EXPECT_EQ(stream.next(10'000), "");
    place("key-1");
    auto const told = stream.next(100'000).value_or("");
    EXPECT_EQ(count_of(told, R"("type":"order.placed")"), 1u) << told;
    EXPECT_EQ(count_of(told, "checkout.advanced"), 0u) << "internal facts stay inside";
    EXPECT_EQ(count_of(told, "ada@example.org"), 0u);
    EXPECT_EQ(stream.next(100'000), "");
    shop.clock.pass(FactStream::quiet_max);
    EXPECT_EQ(stream.next(100'000), ": still here\n\n");
    FactStream resumed(shop.store, shop.clock, {.after = ports::Position(0)});
    std::string all;
    for (int i = 0; i < 50; ++i)
        all += resumed.next(300).value_or("");
    EXPECT_EQ(count_of(all, R"("type":"order.placed")"), 1u);
    EXPECT_EQ(count_of(all, R"("type":"catalog.product_added")"), 1u);
}

TEST_F(GatewaySpec, facts_are_chosen_by_a_pattern) {
    shop.stock_the_shelves();
    place("key-1");
    auto const by = [&](std::string const& pattern) {
        return shop.get("/v1/events?pattern=" + pattern);
    };
    // {"detail-type":["order.placed"]}
    auto const placed = by("%7B%22detail-type%22%3A%5B%22order.placed%22%5D%7D");
    EXPECT_EQ(placed.status, 200) << placed.body;
    EXPECT_EQ(placed.count("data"), 1U);
    EXPECT_EQ(placed.at("data.0.type"), "order.placed");
    // {"source":[{"prefix":"kontor.order"}],"detail":{"data":{"currency":["USD"]}}}
    EXPECT_EQ(by("%7B%22source%22%3A%5B%7B%22prefix%22%3A%22kontor.order%22%7D%5D%2C%22detail%22%3A"
                 "%7B%22data%22%3A%7B%22currency%22%3A%5B%22USD%22%5D%7D%7D%7D")
                  .count("data"),
              0U);
    auto const wrong = by("%7B%22detail-type%22%3A1%7D");
    EXPECT_EQ(wrong.status, 400) << wrong.body;
    EXPECT_EQ(wrong.at("name"), "parameter_invalid");
    EXPECT_EQ(shop.get("/v1/events?stream=product-MUG&pattern=%7B%7D").status, 400);
    FactStream stream(
        shop.store, shop.clock,
        {.after = ports::Position(0),
         .pattern = FactPattern::of(R"({"detail-type":["catalog.product_added"]})").value()});
    std::string told;
    for (int i = 0; i < 10; ++i)
        told += stream.next(100'000).value_or("");
    EXPECT_EQ(count_of(told, "event: fact"), 1U) << told;
    EXPECT_EQ(count_of(told, R"("type":"catalog.product_added")"), 1U);
}

TEST_F(GatewaySpec, who_comes_from_another_log_is_told_so) {
    shop.stock_the_shelves();
    auto const end = shop.store.durable().position.value();
    auto const from = [&](std::uint64_t position) {
        return shop.ask({.path = "/v1/events/stream",
                         .token = shop.all,
                         .headers = {{"last-event-id", std::to_string(position)}}});
    };
    EXPECT_EQ(from(end).status, 200);
    auto const ahead = from(end + 1);
    EXPECT_EQ(ahead.status, 409) << ahead.body;
    EXPECT_EQ(ahead.at("name"), "position_ahead");
    EXPECT_EQ(shop.get("/v1/events/stream?after=" + std::to_string(end + 1)).status, 409);
}

TEST_F(GatewaySpec, a_customer_is_told_of_own_orders_alone) {
    shop.stock_the_shelves();
    auto guest = shop.new_guest();
    auto const other = place("key-1");
    guest.emplace("idempotency-key", "key-2");
    auto const own =
        shop.ask({Method::post, "/v1/orders", shop.order_body(1), {}, guest, Listener::shop});
    ASSERT_EQ(own.status, 201) << own.body;
    shop.live(Duration::minutes(1));
    FactStream stream(shop.store, shop.clock,
                      {.customer = CustomerId::parse(own.at("customer_id")).value()});
    auto const told = stream.next(1'000'000).value_or("") + stream.next(1'000'000).value_or("");
    EXPECT_GT(count_of(told, own.at("id").substr(4)), 0u) << told;
    EXPECT_EQ(count_of(told, other.at("id").substr(4)), 0u) << told;
}

TEST_F(GatewaySpec, who_falls_too_far_behind_gets_a_gap) {
    shop.stock_the_shelves();
    shop.add_many_shelves();
    for (std::uint64_t i = 0; i <= FactStream::behind_max; ++i)
        shop.start_receipt(i);
    shop.settle();
    for (int i = 0; i < 3; ++i)
        shop.post("/v1/inventory/MUG/main/receipts", R"({"quantity":1,"reference":"po"})", {},
                  "more-" + std::to_string(i));
    FactStream stream(shop.store, shop.clock, {.after = ports::Position(1)});
    auto const told = stream.next(10'000).value_or("");
    EXPECT_NE(told.find("event: gap\ndata: {\"from\":2,"), std::string::npos) << told;
}

TEST_F(GatewaySpec, pages_go_on_where_the_one_before_ended) {
    shop.stock_the_shelves();
    for (int i = 0; i < 3; ++i)
        place("key-" + std::to_string(i), 1);
    auto const first = shop.get("/v1/orders?limit=2");
    EXPECT_EQ(first.count("data"), 2u);
    EXPECT_EQ(first.at("has_more"), "true");
    auto const next = first.at("next");
    auto const second = shop.get(next);
    EXPECT_EQ(second.count("data"), 1u) << second.body;
    EXPECT_EQ(second.at("has_more"), "false");
    EXPECT_NE(second.at("data.0.id"), first.at("data.1.id"));
    auto const cursor = next.substr(next.find("cursor="));
    EXPECT_EQ(shop.get("/v1/orders?state=placed&" + cursor).at("code"), "E1009");
    EXPECT_EQ(shop.get("/v1/orders?" + cursor + "AA").at("code"), "E1009");
}

TEST_F(GatewaySpec, pages_lead_back_to_where_one_came_from) {
    shop.stock_the_shelves();
    for (int i = 0; i < 5; ++i)
        place("key-" + std::to_string(i), 1);
    std::vector<Got> pages{shop.get("/v1/orders?limit=2")};
    while (!pages.back().at("next").empty())
        pages.push_back(shop.get(pages.back().at("next")));
    ASSERT_EQ(pages.size(), 3U);
    EXPECT_EQ(pages[0].at("prev"), "") << "the first has none before it";
    EXPECT_EQ(pages[1].at("prev"), "/v1/orders?limit=2");
    auto const back = shop.get(pages[2].at("prev"));
    EXPECT_EQ(back.body, pages[1].body);
    EXPECT_EQ(shop.get(back.at("prev")).body, pages[0].body);
}

TEST_F(GatewaySpec, a_cursor_remembers_some_pages_and_stays_short) {
    shop.stock_the_shelves();
    for (int i = 0; i < 30; ++i)
        place("key-" + std::to_string(i), 1);
    auto page = shop.get("/v1/orders?limit=1");
    for (int i = 1; i < 30; ++i) {
        auto const next = page.at("next");
        ASSERT_LE(next.size(), 520U);
        auto const before = page.at("data.0.id");
        page = shop.get(next);
        EXPECT_EQ(shop.get(page.at("prev")).at("data.0.id"), before) << i;
    }
    int steps = 0;
    for (; !page.at("prev").empty(); ++steps)
        page = shop.get(page.at("prev"));
    EXPECT_GE(steps, 8);
    EXPECT_LT(steps, 29) << "so far nobody remembers";
}

} // namespace
} // namespace kontor::services::gateway
