#include "services/gateway/replies.hpp"
#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// Answers that say what is so, and refusals that say what is wanted.
class TruthSpec : public ::testing::Test {
protected:
    Got knock(Knock knock) {
        if (knock.token.empty())
            knock.token = shop.all;
        return shop.ask(std::move(knock));
    }
    Got quote(std::string const& sku, std::string const& country = "GB") {
        return shop.post("/v1/quotes", R"({"lines":[{"sku":")" + sku +
                                           R"(","quantity":1}],"currency":"GBP","country":")" +
                                           country + "\"}");
    }

    ShopDoor shop;
};

TEST_F(TruthSpec, a_read_model_that_is_paused_says_so_in_the_same_answer) {
    std::string const path = "/v1/ops/projections/stock";
    auto const paused = shop.post(path + "/pause", R"({"reason":"a look at its rows"})");
    EXPECT_EQ(paused.at("state"), "paused") << paused.body;
    EXPECT_EQ(shop.get(path).at("state"), "paused");
    auto const resumed = knock({.method = Method::post, .path = path + "/resume"});
    EXPECT_EQ(resumed.at("state"), "following") << resumed.body;
    EXPECT_EQ(shop.get(path).at("state"), "following");
}

TEST_F(TruthSpec, a_list_of_facts_does_not_begin_beyond_the_end_of_the_log) {
    shop.stock_the_shelves();
    auto const end = shop.get("/v1/events").at("after");
    EXPECT_EQ(shop.get("/v1/events?after=" + end).status, 200);
    auto const ahead = shop.get("/v1/events?after=" + std::to_string(number_in(end).value() + 1));
    EXPECT_EQ(ahead.status, 409) << ahead.body;
    EXPECT_EQ(ahead.at("name"), "position_ahead");
    EXPECT_EQ(shop.get("/v1/events?stream=product-MUG&after=99999").status, 200)
        << "there it is a version";
}

TEST_F(TruthSpec, a_key_is_nobodys_customer) {
    auto const made =
        shop.post("/v1/ops/tokens", R"({"name":"eve","roles":["customer"],"reason":"a try"})");
    EXPECT_EQ(made.status, 422) << made.body;
    EXPECT_EQ(made.at("errors.0.pointer"), "/roles");
    EXPECT_EQ(shop.get("/v1/ops/tokens").count("data"), 0U);
}

TEST_F(TruthSpec, an_order_is_for_somebody_whom_the_shop_knows) {
    shop.stock_the_shelves();
    auto const place_for = [&](std::string const& customer, std::string const& key) {
        auto body = shop.order_body(1);
        body.insert(body.rfind('}'), R"(,"customer_id":")" + customer + '"');
        return shop.post("/v1/orders", body, shop.make_token({Role::support}), key);
    };
    auto const nobody = place_for("cus_00000000000000000000000000", "k1");
    EXPECT_EQ(nobody.at("name"), "unknown_customer") << nobody.body;
    EXPECT_EQ(nobody.at("errors.0.pointer"), "/customer_id");
    auto const guest = shop.post("/v1/orders", shop.order_body(1), {}, "k2").at("customer_id");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(place_for(guest, "k3").status, 201) << "who has bought is known, though as a guest";
    auto const known = shop.post("/v1/customers",
                                 R"({"email":"ada@example.org","name":"Ada",)"
                                 R"("country":"GB"})",
                                 shop.make_token({Role::support}), "k4");
    ASSERT_EQ(known.status, 201) << known.body;
    EXPECT_EQ(place_for(known.at("id"), "k5").status, 201);
}

TEST_F(TruthSpec, nobody_has_paid_an_order_that_was_refused) {
    shop.stock_the_shelves();
    auto const id = shop.post("/v1/orders", shop.order_body(1'000), {}, "k").at("id");
    shop.live(Duration::days(1));
    auto const shown = shop.get("/v1/orders/" + id);
    EXPECT_EQ(shown.at("state"), "rejected") << shown.body;
    EXPECT_EQ(shown.at("labels.payment"), "unpaid");
}

TEST_F(TruthSpec, a_sku_and_a_coupon_are_capitals_however_they_are_typed) {
    shop.stock_the_shelves();
    auto const quoted = quote("mug");
    EXPECT_EQ(quoted.status, 200) << quoted.body;
    EXPECT_EQ(quoted.at("lines.0.sku"), "MUG");
    auto const coupon = shop.post("/v1/coupons",
                                  R"({"code":"spring","bp":1000,"from":)"
                                  R"("2000-01-01T00:00:00Z","until":)"
                                  R"("2100-01-01T00:00:00Z","uses":5})",
                                  {}, "c1");
    EXPECT_EQ(coupon.at("code"), "SPRING") << coupon.body;
    EXPECT_EQ(quote("mu g").at("errors.0.pointer"), "/lines/0/sku");
}

TEST_F(TruthSpec, a_problem_within_a_batch_bears_the_trace_too) {
    shop.stock_the_shelves();
    auto item = shop.order_body(1);
    item.insert(1, R"("idempotency_key":"b1",)");
    item.replace(item.find("\"MUG\""), 5, "\"JUG\"");
    auto const got = shop.post("/v1/orders/batch", R"({"orders":[)" + item + "]}");
    EXPECT_EQ(got.at("results.0.problem.name"), "unknown_sku") << got.body;
    EXPECT_EQ(got.at("results.0.problem.trace_id"), "0123456789abcdef0123456789abcdef");
}

TEST_F(TruthSpec, if_match_takes_a_list_and_one_of_it_is_enough) {
    shop.stock_the_shelves();
    auto const price = [&](std::string const& tags) {
        return knock({Method::put,
                      "/v1/products/MUG/price",
                      R"({"price":{"amount":1300,"currency":"GBP"}})",
                      {},
                      {{"if-match", tags}}});
    };
    auto const version = number_in(shop.get("/v1/products/MUG").at("version")).value();
    auto const tag = [](std::uint64_t number) { return "\"v" + std::to_string(number) + "\""; };
    EXPECT_EQ(price(tag(version + 1) + ", " + tag(version + 2)).status, 412);
    auto const met = price(tag(version + 1) + ", " + tag(version));
    EXPECT_EQ(met.status, 200) << met.body;
    EXPECT_EQ(price("\"else\", \"more\"").status, 412);
}

TEST_F(TruthSpec, a_return_of_nothing_is_a_body_that_cannot_be) {
    shop.stock_the_shelves();
    auto const id = shop.post("/v1/orders", shop.order_body(1), {}, "k").at("id");
    auto const got = shop.post("/v1/orders/" + id + "/returns",
                               R"({"lines":[],"reason":"not for me"})", {}, "r");
    EXPECT_EQ(got.status, 422) << got.body;
    EXPECT_EQ(got.at("errors.0.pointer"), "/lines");
}

TEST_F(TruthSpec, a_body_is_utf_8_whatever_else_is_claimed) {
    auto const with = [&](std::string const& type) {
        Knock asked{Method::post, "/v1/quotes", "{}", {}, {{"content-type", type}}};
        return knock(std::move(asked)).status;
    };
    EXPECT_EQ(with("application/json; charset=latin1"), 415);
    EXPECT_EQ(with("application/json; charset=utf-8"), 422);
    EXPECT_EQ(with("application/json;charset=\"UTF-8\""), 422);
    EXPECT_EQ(with("Application/JSON"), 422) << "types are read in any case";
    Knock table{
        Method::post, "/v1/ledger/reconciliations", "x", {}, {{"content-type", "text/plain"}}};
    auto const refused = knock(std::move(table));
    EXPECT_EQ(refused.status, 415);
    EXPECT_NE(refused.at("remedy").find("text/csv"), std::string::npos) << refused.body;
    EXPECT_EQ(refused.at("remedy").find("json"), std::string::npos) << refused.body;
}

TEST_F(TruthSpec, a_fact_without_a_cause_names_none) {
    shop.stock_the_shelves();
    auto const id = shop.post("/v1/orders", shop.order_body(1), {}, "k").at("id");
    shop.live(Duration::minutes(1));
    auto const first = shop.get("/v1/ops/events/1");
    EXPECT_EQ(first.body.find("causation_id"), std::string::npos) << first.body;
    auto const told = shop.get("/v1/orders/" + id + "/timeline?detail=full");
    EXPECT_EQ(told.at("groups.0.caused_by"), "") << told.body;
    EXPECT_NE(told.at("groups.1.caused_by"), "") << told.body;
}

TEST_F(TruthSpec, a_refusal_says_in_words_what_is_wanted) {
    EXPECT_EQ(quote("MUG", "XX").at("errors.0.message"), "there is no such country in ISO 3166-1");
    auto const told = [&](Got const& got) { return got.at("errors.0.message"); };
    auto const user = [&](std::string const& body) {
        return told(knock({.method = Method::put, .path = "/v1/ops/users/ada", .body = body}));
    };
    EXPECT_EQ(user(R"({"roles":["support"],"password":"short","reason":"why not"})"),
              "a text of 8 to 200 bytes without control characters is wanted");
    EXPECT_EQ(user(R"({"roles":["support"],"reason":"no"})"),
              "a text of 3 to 500 bytes without control characters is wanted");
    auto const cut = shop.post("/v1/quotes", R"({"lines":[{"sku":"MUG",}]})");
    EXPECT_EQ(cut.at("name"), "malformed");
    EXPECT_NE(cut.at("detail").find("byte"), std::string::npos) << cut.body;
}

TEST_F(TruthSpec, who_lacks_the_token_of_a_session_is_told_to_send_it) {
    auto guest = shop.new_guest();
    guest.erase("kontor-csrf");
    auto const got = shop.ask({Method::remove, "/v1/session", {}, {}, guest, Listener::shop});
    EXPECT_EQ(got.status, 403) << got.body;
    EXPECT_NE(got.at("remedy").find("Kontor-Csrf"), std::string::npos) << got.body;
}

} // namespace
} // namespace kontor::services::gateway
