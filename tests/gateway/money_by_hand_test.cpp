#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// Support moves money that the process else moves by itself.
class MoneyByHandSpec : public ::testing::Test {
protected:
    void SetUp() override { shop.stock_the_shelves(); }

    /// An order that is confirmed; its payment.
    std::string paid(std::string const& card = "tok_approve") {
        order = shop.post("/v1/orders", shop.order_body(2, card), {}, "k" + card).at("id");
        shop.live(Duration::minutes(1));
        payment = shop.get("/v1/orders/" + order).at("payments.0.id");
        return payment;
    }
    Got move(std::string const& verb, std::string const& more = {}, std::string const& key = "m1") {
        return shop.post("/v1/payments/" + payment + "/" + verb,
                         R"({"reason":"the buyer asked")" + more + "}", {}, key);
    }
    std::string captured() { return shop.get("/v1/payments/" + payment).at("captured.amount"); }
    std::string state() { return shop.get("/v1/payments/" + payment).at("state"); }
    std::size_t captures() {
        auto const facts = shop.get("/v1/ops/streams/payment-" + payment.substr(4));
        std::size_t count = 0;
        for (std::size_t i = 0; i < facts.count("data"); ++i)
            count += facts.at("data." + std::to_string(i) + ".type") == "payment.captured" ? 1 : 0;
        return count;
    }

    ShopDoor shop;
    std::string order;
    std::string payment;
};

TEST_F(MoneyByHandSpec, what_is_held_is_captured_ahead_of_the_goods_and_never_again) {
    paid();
    auto const total = shop.get("/v1/orders/" + order).at("total.amount");
    auto const asked = move("capture");
    EXPECT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(asked.at("id"), payment);
    shop.live(Duration::minutes(1));
    EXPECT_EQ(captured(), total);
    EXPECT_EQ(move("capture", "", "m2").at("name"), "nothing_due");
    shop.live(Duration::days(5)); // the parcel leaves and arrives
    EXPECT_EQ(shop.get("/v1/orders/" + order).at("state"), "completed");
    EXPECT_EQ(captured(), total);
    EXPECT_EQ(captures(), 1U);
    auto const entry = shop.get("/v1/ops/audit?verb=capture_payment");
    EXPECT_EQ(entry.count("data"), 1U) << entry.body;
    EXPECT_EQ(entry.at("data.0.reason"), "the buyer asked");
    EXPECT_EQ(entry.at("data.0.changes.0.type"), "checkout.advanced") << entry.body;
}

TEST_F(MoneyByHandSpec, the_same_key_again_is_the_same_capture) {
    paid();
    auto const first = move("capture", R"(,"amount":{"amount":100,"currency":"GBP"})");
    auto const again = move("capture", R"(,"amount":{"amount":100,"currency":"GBP"})");
    EXPECT_EQ(again.status, 202);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(captured(), "100");
    EXPECT_EQ(captures(), 1U);
}

TEST_F(MoneyByHandSpec, two_at_once_and_the_parcel_take_no_more_than_is_held) {
    paid();
    auto const total = shop.get("/v1/orders/" + order).at("total.amount");
    auto const body = std::string(R"({"reason":"the buyer asked"})");
    auto const path = "/v1/payments/" + payment + "/capture";
    auto const one = shop.start(
        {Method::post, path, body, shop.all, {{"idempotency-key", "one"}}, Listener::console});
    auto const two = shop.start(
        {Method::post, path, body, shop.all, {{"idempotency-key", "two"}}, Listener::console});
    shop.settle();
    auto const first = shop.collected(one);
    auto const second = shop.collected(two);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->status, 202) << first->body;
    EXPECT_EQ(second->status, 409) << second->body;
    EXPECT_EQ(second->at("name"), "outcome_unknown");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(captured(), total);
    EXPECT_EQ(captures(), 1U);
}

TEST_F(MoneyByHandSpec, more_than_is_held_or_due_is_refused) {
    paid();
    EXPECT_EQ(move("capture", R"(,"amount":{"amount":9999999,"currency":"GBP"})").at("name"),
              "capture_exceeds_authorised");
    EXPECT_EQ(move("capture", R"(,"amount":{"amount":100,"currency":"EUR"})", "m2").at("name"),
              "currency_mixed");
    EXPECT_EQ(move("capture", R"(,"amount":{"amount":0,"currency":"GBP"})", "m3").at("name"),
              "nothing_due");
    payment = "pay_00000000000000000000000000";
    EXPECT_EQ(move("capture", "", "m4").status, 404);
}

TEST_F(MoneyByHandSpec, what_is_let_go_is_held_no_more) {
    paid();
    EXPECT_EQ(move("void").status, 202);
    shop.live(Duration::minutes(1));
    EXPECT_EQ(state(), "voided");
    EXPECT_EQ(move("void", "", "m2").at("name"), "outcome_known");
    EXPECT_EQ(move("capture", "", "m3").at("name"), "not_authorised");
}

TEST_F(MoneyByHandSpec, what_was_captured_whole_cannot_be_let_go) {
    paid();
    move("capture");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(move("void", "", "m2").status, 409);
}

TEST_F(MoneyByHandSpec, a_capture_that_failed_is_tried_again_when_asked) {
    paid("tok_capture_fails");
    EXPECT_EQ(move("retry", "", "m0").at("name"), "nothing_to_retry");
    move("capture");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(captured(), "0");
    auto const again = move("retry", "", "m2");
    EXPECT_EQ(again.status, 202) << again.body;
    shop.live(Duration::minutes(1));
    EXPECT_EQ(captures(), 0U);
}

TEST_F(MoneyByHandSpec, a_version_that_is_not_the_one_that_was_read_is_refused) {
    paid();
    auto const old = shop.ask({Method::post,
                               "/v1/payments/" + payment + "/capture",
                               R"({"reason":"the buyer asked"})",
                               shop.all,
                               {{"idempotency-key", "m1"}, {"if-match", "\"v99\""}}});
    EXPECT_EQ(old.status, 412) << old.body;
    EXPECT_EQ(captured(), "0");
}

TEST_F(MoneyByHandSpec, is_for_support_alone) {
    paid();
    auto const operations = shop.make_token({Role::operations});
    auto const body = std::string(R"({"reason":"the buyer asked"})");
    EXPECT_EQ(shop.post("/v1/payments/" + payment + "/capture", body, operations, "x").status, 403);
}

TEST_F(MoneyByHandSpec, what_was_asked_for_is_done_after_a_crash) {
    paid();
    auto const total = shop.get("/v1/orders/" + order).at("total.amount");
    auto const asked = shop.start({Method::post,
                                   "/v1/payments/" + payment + "/capture",
                                   R"({"reason":"the buyer asked"})",
                                   shop.all,
                                   {{"idempotency-key", "m1"}},
                                   Listener::console});
    static_cast<void>(asked);
    shop.settle();
    shop.crash();
    shop.live(Duration::minutes(5));
    EXPECT_EQ(captured(), total);
    EXPECT_EQ(captures(), 1U);
}

} // namespace
} // namespace kontor::services::gateway
