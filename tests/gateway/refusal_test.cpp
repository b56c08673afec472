#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// What bad input gets: each way to be refused, with its code and place.
class RefusalSpec : public ::testing::Test {
protected:
    Got knock(Knock knock) {
        if (knock.token.empty())
            knock.token = shop.all;
        return shop.ask(std::move(knock));
    }
    Got quote(std::string body) { return shop.post("/v1/quotes", std::move(body)); }

    ShopDoor shop;
};

TEST_F(RefusalSpec, a_problem_says_all_that_one_needs) {
    auto const got = shop.get("/v1/orders/ord_00000000000000000000000001");
    EXPECT_EQ(got.status, 404);
    EXPECT_EQ(got.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(got.at("type"), "/problems/E3001");
    EXPECT_EQ(got.at("title"), "There is no such order");
    EXPECT_EQ(got.at("status"), "404");
    EXPECT_EQ(got.at("name"), "unknown_order");
    EXPECT_EQ(got.at("retryable"), "false");
    EXPECT_EQ(got.at("instance"), "/v1/orders/ord_00000000000000000000000001");
    EXPECT_EQ(got.at("trace_id"), "0123456789abcdef0123456789abcdef");
    EXPECT_FALSE(got.at("remedy").empty());
    auto const explained = shop.get(got.at("type"));
    EXPECT_EQ(explained.status, 200);
    EXPECT_EQ(explained.at("name"), "unknown_order");
}

TEST_F(RefusalSpec, an_address_without_a_route_and_a_method_that_does_not_go_with_one) {
    EXPECT_EQ(knock({.path = "/v1/nowhere"}).at("code"), "E1004");
    EXPECT_EQ(knock({.path = "/v1/products/"}).at("code"), "E1004");
    auto const got = knock({.method = Method::remove, .path = "/v1/products"});
    EXPECT_EQ(got.status, 405);
    EXPECT_EQ(got.at("code"), "E1005");
    EXPECT_EQ(got.header("Allow"), "GET, HEAD, POST");
    EXPECT_EQ(knock({.method = Method::head, .path = "/v1/products"}).status, 200);
}

TEST_F(RefusalSpec, parameters_are_known_stand_once_and_have_their_form) {
    for (auto const* const path :
         {"/v1/orders?nonsense=1", "/v1/orders?limit=1&limit=2", "/v1/orders?limit=0",
          "/v1/orders?limit=x", "/v1/orders?state=lost", "/v1/orders?customer=ord_1",
          "/v1/orders?placed_after=yesterday", "/v1/orders?min_position=x"}) {
        auto const got = shop.get(path);
        EXPECT_EQ(got.status, 400) << path;
        EXPECT_EQ(got.at("code"), "E1003") << path << got.body;
        EXPECT_FALSE(got.at("errors.0.pointer").empty()) << path;
    }
    EXPECT_EQ(shop.get("/v1/orders?cursor=x").at("code"), "E1009");
}

TEST_F(RefusalSpec, a_body_is_refused_with_the_place_that_is_wrong) {
    struct Bad {
        char const* body;
        char const* code;
        char const* pointer;
    };
    constexpr auto lines = R"("currency":"GBP","country":"GB")";
    std::string const ok = std::string(R"({"lines":[{"sku":"MUG","quantity":1}],)") + lines + "}";
    EXPECT_EQ(quote(ok).at("name"), "unknown_sku");
    for (auto const& [body, code, pointer] : {
             Bad{"{", "E1001", ""},
             Bad{"", "E1008", ""},
             Bad{R"({"lines":[],"currency":"GBP","country":"GB","colour":"red"})", "E1002",
                 "/colour"},
             Bad{R"({"lines":[],"currency":"GBP"})", "E1002", ""},
             Bad{R"({"lines":{},"currency":"GBP","country":"GB"})", "E1002", "/lines"},
             Bad{R"({"lines":[{"sku":"MUG","quantity":0}],"currency":"GBP","country":"GB"})",
                 "E1002", "/lines/0/quantity"},
             Bad{R"({"lines":[{"sku":"MUG","quantity":1.5}],"currency":"GBP","country":"GB"})",
                 "E1002", "/lines/0/quantity"},
             Bad{R"({"lines":[{"sku":"no sku","quantity":1}],"currency":"GBP","country":"GB"})",
                 "E1002", "/lines/0/sku"},
             Bad{R"({"lines":[],"currency":"POUND","country":"GB"})", "E1002", "/currency"},
             Bad{R"({"lines":[],"currency":"GBP","country":"GB"})", "E3033", ""},
         }) {
        auto const got = quote(body);
        EXPECT_EQ(got.at("code"), code) << body << got.body;
        EXPECT_EQ(got.at("errors.0.pointer"), pointer) << body << got.body;
    }
}

TEST_F(RefusalSpec, bodies_and_answers_have_types) {
    Knock const form{Method::post, "/v1/quotes", "a=1", {}, {{"content-type", "text/plain"}}};
    EXPECT_EQ(knock(form).at("code"), "E1008");
    EXPECT_EQ(knock({.path = "/v1/products", .headers = {{"accept", "image/png"}}}).at("code"),
              "E1006");
    EXPECT_EQ(knock({.path = "/v1/products", .headers = {{"accept", "*/*"}}}).status, 200);
}

TEST_F(RefusalSpec, what_moves_things_wants_a_key_of_a_sensible_form) {
    EXPECT_EQ(shop.post("/v1/orders", shop.order_body()).at("code"), "E1012");
    EXPECT_EQ(shop.post("/v1/orders", shop.order_body(), {}, "two words").at("code"), "E1003");
    EXPECT_EQ(shop.post("/v1/orders", shop.order_body(), {}, std::string(256, 'k')).at("code"),
              "E1003");
}

TEST_F(RefusalSpec, a_reason_has_three_to_five_hundred_characters) {
    shop.stock_the_shelves();
    auto const withdraw = [&](std::string body) {
        return shop.post("/v1/products/MUG/withdraw", std::move(body));
    };
    EXPECT_EQ(withdraw("{}").at("code"), "E1002");
    EXPECT_EQ(withdraw(R"({"reason":"no"})").at("errors.0.pointer"), "/reason");
    EXPECT_EQ(withdraw(R"({"reason":")" + std::string(501, 'x') + "\"}").at("code"), "E1002");
    EXPECT_EQ(withdraw(R"({"reason":"sold out for good"})").status, 200);
    auto const revoked = knock({.method = Method::remove, .path = "/v1/ops/tokens/none"});
    EXPECT_EQ(revoked.at("errors.0.pointer"), "Kontor-Reason");
}

TEST_F(RefusalSpec, what_the_path_names_and_is_not_there_is_404) {
    for (auto const* const path :
         {"/v1/products/NONE", "/v1/coupons/NONE", "/v1/inventory/NONE/main", "/v1/orders/x",
          "/v1/payments/x", "/v1/shipments/x", "/v1/customers/x", "/v1/reservations/x",
          "/v1/refunds/x", "/v1/returns/x", "/problems/E0000", "/v1/ops/events/0",
          "/v1/ops/streams/order-x", "/v1/ops/projections/none"})
        EXPECT_EQ(shop.get(path).status, 404) << path;
    auto const priced = knock({Method::put,
                               "/v1/products/NONE/price",
                               R"({"price":{"amount":1,"currency":"GBP"}})",
                               {},
                               {{"if-match", "\"v0\""}}});
    EXPECT_EQ(priced.status, 404) << priced.body;
}

TEST_F(RefusalSpec, units_come_of_what_is_sold_and_to_where_goods_lie) {
    shop.stock_the_shelves();
    shop.gateway().parts().locations = {Location::parse("main").value()};
    auto const receive = [&](std::string const& where, std::string const& key) {
        return shop.post("/v1/inventory/" + where + "/receipts",
                         R"({"quantity":1,"reference":"po-9"})", {}, key);
    };
    auto const unsold = receive("JUG/main", "r1");
    EXPECT_EQ(unsold.status, 404) << unsold.body;
    EXPECT_EQ(unsold.at("name"), "unknown_sku");
    EXPECT_EQ(unsold.at("errors.0.pointer"), "sku");
    auto const nowhere = receive("MUG/attic", "r2");
    EXPECT_EQ(nowhere.status, 404) << nowhere.body;
    EXPECT_EQ(nowhere.at("name"), "unknown_place");
    EXPECT_EQ(nowhere.at("errors.0.pointer"), "location");
    EXPECT_NE(nowhere.at("errors.0.message").find("main"), std::string::npos);
    EXPECT_EQ(receive("MUG/main", "r3").status, 201);
    shop.gateway().parts().locations = {Location::parse("attic").value()};
    EXPECT_EQ(receive("MUG/main", "r4").status, 201) << "where they lay before they may lie";
}

TEST_F(RefusalSpec, a_product_has_a_tax_class_of_the_shop_and_a_parent_that_is_there) {
    auto const add = [&](std::string const& more) {
        return shop.post("/v1/products", R"({"sku":"JUG","title":"A jug")" + more + "}");
    };
    auto const untaxed = add(R"(,"tax_class":"luxury")");
    EXPECT_EQ(untaxed.status, 422) << untaxed.body;
    EXPECT_EQ(untaxed.at("errors.0.pointer"), "/tax_class");
    EXPECT_NE(untaxed.at("errors.0.message").find("standard"), std::string::npos);
    auto const orphan = add(R"(,"tax_class":"standard","parent":"POT")");
    EXPECT_EQ(orphan.status, 422) << orphan.body;
    EXPECT_EQ(orphan.at("errors.0.pointer"), "/parent");
    EXPECT_EQ(add(R"(,"tax_class":"standard")").status, 201);
}

TEST_F(RefusalSpec, what_has_ended_before_it_begins_is_refused_and_what_was_issued_in_time_is_not) {
    auto const body = [&](Instant until) {
        return R"({"code":"SPRING","bp":1000,"from":"2000-01-01T00:00:00Z","until":")" +
               to_string(until) + R"(","uses":5})";
    };
    auto const late = shop.post("/v1/coupons", body(shop.clock.now()), {}, "c0");
    EXPECT_EQ(late.status, 422) << late.body;
    EXPECT_EQ(late.at("errors.0.pointer"), "/until");
    auto const issued = body(shop.clock.now() + Duration::days(1));
    EXPECT_EQ(shop.post("/v1/coupons", issued, {}, "c1").status, 201);
    shop.live(Duration::days(2));
    auto const again = shop.post("/v1/coupons", issued, {}, "c1");
    EXPECT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    auto const token =
        shop.post("/v1/ops/tokens", R"({"name":"till","roles":["service"],"reason":"the till",)"
                                    R"("expires_at":"2001-01-01T00:00:00Z"})");
    EXPECT_EQ(token.status, 422) << token.body;
    EXPECT_EQ(token.at("errors.0.pointer"), "/expires_at");
}

TEST_F(RefusalSpec, one_thing_has_a_smaller_body_than_many) {
    std::string const blanks(body_bytes_max, ' ');
    auto const large = quote(blanks + "{}");
    EXPECT_EQ(large.status, 413) << large.body;
    EXPECT_EQ(large.at("code"), "E1007");
    EXPECT_NE(large.at("detail").find(std::to_string(body_bytes_max)), std::string::npos);
    EXPECT_EQ(quote(blanks.substr(2) + "{}").status, 422) << "as large as it may be";
    auto const reconcile = [&](std::size_t bytes) {
        Knock knock{Method::post, "/v1/ledger/reconciliations", std::string(bytes, 'x'), shop.all};
        knock.headers = {{"content-type", "text/csv"}};
        return shop.ask(std::move(knock)).status;
    };
    EXPECT_EQ(reconcile(bulk_bytes_max + 1), 413);
    shop.gateway().parts().bulk_bytes_max = 2 * bulk_bytes_max;
    EXPECT_NE(reconcile(bulk_bytes_max + 1), 413) << "as somebody has set it";
    EXPECT_EQ(reconcile(2 * bulk_bytes_max + 1), 413);
    EXPECT_EQ(shop.post("/v1/orders/batch", blanks + R"({"orders":[]})").status, 207);
}

TEST_F(RefusalSpec, a_problem_bears_the_trace_of_its_caller_unless_it_is_remembered) {
    constexpr auto callers = "0123456789abcdef0123456789abcdef";
    shop.stock_the_shelves();
    auto const id = shop.post("/v1/orders", shop.order_body(), {}, "t0").at("id");
    auto const bad = shop.post("/v1/orders", R"({"lines":1})", {}, "t1");
    EXPECT_EQ(bad.at("trace_id"), callers) << bad.body;
    auto const path = "/v1/orders/" + id + "/returns"; // nothing has been shipped
    auto const body = R"({"lines":[{"line":1,"quantity":1}],"reason":"not for me"})";
    auto const refused = shop.post(path, body, {}, "t2");
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_NE(refused.at("trace_id"), callers);
    EXPECT_EQ(shop.post(path, body, {}, "t2").body, refused.body);
}

TEST_F(RefusalSpec, an_order_is_refused_for_what_is_wrong_with_it) {
    shop.stock_the_shelves();
    auto const with = [&](std::string_view from, std::string_view to) {
        auto body = shop.order_body();
        body.replace(body.find(from), from.size(), to);
        return shop.post("/v1/orders", body, {}, "key-" + std::string(to.substr(0, 8)));
    };
    EXPECT_EQ(with("\"MUG\"", "\"JUG\"").at("name"), "unknown_sku");
    EXPECT_EQ(with("ada@example.org", "nobody").at("errors.0.pointer"), "/contact/email");
    EXPECT_EQ(with("\"card\"", "\"gold\"").at("errors.0.pointer"), "/payment/method");
    EXPECT_EQ(with(R"("currency":"GBP","shipping)", R"("currency":"EUR","shipping)").at("name"),
              "not_sellable");
    EXPECT_EQ(with("\"standard\"", "\"balloon\"").at("name"), "not_shippable");
    auto const card = with("tok_approve", "4111-1111-1111-1111");
    EXPECT_EQ(card.status, 422);
    EXPECT_EQ(card.at("errors.0.pointer"), "/payment/token");
    EXPECT_EQ(card.body.find("4111"), std::string::npos) << "and it is not said back";
    EXPECT_EQ(shop.get("/v1/orders").count("data"), 0u);
}

TEST_F(RefusalSpec, the_number_of_a_card_is_taken_in_no_free_text) {
    shop.stock_the_shelves();
    auto const order = shop.post("/v1/orders", shop.order_body(), {}, "fine").header("Location");
    int keys = 0;
    auto const refused = [&](std::string const& path, std::string const& body,
                             std::string const& pointer) {
        auto const got = shop.post(path, body, {}, "card-" + std::to_string(++keys));
        EXPECT_EQ(got.status, 422) << path << got.body;
        EXPECT_EQ(got.at("errors.0.pointer"), pointer) << got.body;
        EXPECT_NE(got.body.find("number of a card"), std::string::npos) << got.body;
        EXPECT_EQ(got.body.find("1111"), std::string::npos) << "and it is not said back";
    };
    refused(order + "/cancel", R"({"reason":"use my card 4111111111111111"})", "/reason");
    refused(order + "/cancel", R"({"reason":"4111 1111 1111 1111, 12/27"})", "/reason");
    auto const with = [&](std::string_view from, std::string_view to) {
        auto body = shop.order_body();
        return body.replace(body.find(from), from.size(), to);
    };
    refused("/v1/orders", with("\"Ada\"", "\"Ada 4111-1111-1111-1111\""), "/ship_to/name");
    refused("/v1/orders", with("1 Street", "4111111111111111"), "/ship_to/lines/0");
    refused("/v1/orders", with("ada@", "4111111111111111@"), "/contact/email");
    refused("/v1/customers",
            R"({"email":"a@example.org","country":"GB","phone":"4111 1111 1111 1111"})", "/phone");

    auto const cancelled = shop.post(
        order + "/cancel",
        R"({"reason":"call +44 7700 900461 about K7QM-2F9T, EAN 4006381333931, ref 4111111111111112"})",
        {}, "calls");
    EXPECT_EQ(cancelled.status, 200) << cancelled.body;
}

TEST_F(RefusalSpec, a_full_desk_asks_to_come_back) {
    shop.add_many_shelves();
    std::vector<Ticket> tickets;
    for (std::size_t i = 0; i <= commands::inbox_max; ++i)
        tickets.push_back(shop.start_receipt(i));
    shop.settle();
    auto const last = shop.collected(tickets.back());
    ASSERT_TRUE(last);
    EXPECT_EQ(last->status, 503);
    EXPECT_EQ(last->at("code"), "E2004");
    EXPECT_FALSE(last->header("Retry-After").empty());
    EXPECT_EQ(shop.collected(tickets.front())->status, 201);
}

TEST_F(RefusalSpec, nobody_waits_for_an_abandoned_request_and_what_it_asked_still_happens) {
    shop.stock_the_shelves();
    Knock const knock{
        Method::post, "/v1/orders", shop.order_body(), shop.all, {{"idempotency-key", "key-1"}}};
    auto const ticket = shop.start(knock);
    shop.gateway().abandon(ticket);
    shop.settle();
    EXPECT_FALSE(shop.collected(ticket));
    EXPECT_EQ(shop.ask(knock).header("Idempotency-Replayed"), "true");
}

} // namespace
} // namespace kontor::services::gateway
