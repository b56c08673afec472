#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// Who prefers to wait is told how it ended, and whoever repeats a key gets the bytes that the
/// first answer had, whether that waited or not.
class PreferWaitSpec : public ::testing::Test {
protected:
    void SetUp() override { shop.stock_the_shelves(); }

    Knock order(std::string const& key, std::string const& token, std::string const& prefer = {}) {
        return with_key("/v1/orders", shop.order_body(2, token), key, prefer);
    }
    Knock with_key(std::string path, std::string body, std::string const& key,
                   std::string const& prefer) {
        Knock knock{
            Method::post, std::move(path), std::move(body), shop.all, {{"idempotency-key", key}}};
        if (!prefer.empty())
            knock.headers.emplace("prefer", prefer);
        return knock;
    }
    /// The answer that is there before so much time has passed.
    Got within(Duration time, Knock const& knock) {
        auto const ticket = shop.start(knock);
        shop.live(time);
        shop.live(Duration::milliseconds(5));
        auto const got = shop.collected(ticket);
        EXPECT_TRUE(got) << knock.path << " still waits";
        return got.value_or(Got{});
    }
    /// The same request again, with each preference, and after a crash.
    void expect_the_same(Knock knock, Got const& first) {
        for (auto const* const prefer : {"", "wait=1", "wait=9"}) {
            knock.headers.erase("prefer");
            if (*prefer != '\0')
                knock.headers.emplace("prefer", prefer);
            auto const again = shop.ask(knock);
            EXPECT_EQ(again.status, first.status) << prefer;
            EXPECT_EQ(again.body, first.body) << prefer;
            EXPECT_EQ(again.header("Idempotency-Replayed"), "true") << prefer;
        }
    }

    ShopDoor shop;
};

TEST_F(PreferWaitSpec, what_a_waiting_answer_showed_is_shown_again) {
    auto const knock = order("k1", "tok_approve", "wait=5");
    auto const first = within(Duration::seconds(2), knock);
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(first.at("state"), "confirmed");
    EXPECT_EQ(first.header("Preference-Applied"), "wait=5");
    EXPECT_EQ(first.header("Idempotency-Replayed"), "");
    expect_the_same(knock, first);
    shop.live(Duration::days(3));
    expect_the_same(knock, first);
    shop.crash();
    expect_the_same(knock, first);
}

TEST_F(PreferWaitSpec, who_waited_in_vain_is_not_told_more_by_a_repetition) {
    auto const knock = order("k1", "tok_slow", "wait=1");
    auto const first = within(Duration::seconds(2), knock);
    EXPECT_EQ(first.at("state"), "placed") << first.body;
    EXPECT_EQ(first.header("Preference-Applied"), "wait=1");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(shop.get(first.header("Location")).at("state"), "confirmed");
    expect_the_same(knock, first);
    shop.crash();
    expect_the_same(knock, first);
}

TEST_F(PreferWaitSpec, who_did_not_wait_is_not_told_more_by_a_repetition_that_would) {
    auto const knock = order("k1", "tok_approve");
    auto const first = shop.ask(knock);
    EXPECT_EQ(first.at("state"), "placed") << first.body;
    shop.live(Duration::minutes(1));
    expect_the_same(knock, first);
}

TEST_F(PreferWaitSpec, a_key_is_in_flight_while_its_answer_waits_and_no_longer) {
    auto const knock = order("k1", "tok_slow", "wait=10");
    auto const waiting = shop.start(knock);
    shop.live(Duration::seconds(1));
    EXPECT_FALSE(shop.collected(waiting));
    EXPECT_EQ(shop.ask(knock).at("code"), "E1014");
    shop.live(Duration::seconds(10));
    auto const first = shop.collected(waiting);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->at("state"), "confirmed") << first->body;
    expect_the_same(knock, *first);

    auto const left = order("k2", "tok_slow", "wait=10");
    auto const nobody = shop.start(left);
    shop.live(Duration::seconds(1));
    shop.go_away(nobody);
    EXPECT_EQ(shop.ask(left).at("state"), "placed") << "who was told nothing may ask again";
}

TEST_F(PreferWaitSpec, an_answer_waits_no_longer_than_until_the_buyer_must_do_something) {
    int keys = 0;
    for (auto const& [token, state] :
         {std::pair{"tok_decline", "declined"}, std::pair{"tok_no_funds", "declined"},
          std::pair{"tok_fraud", "declined"}, std::pair{"tok_action", "action_required"}}) {
        auto const knock = order("k" + std::to_string(++keys), token, "wait=10");
        auto const first = within(Duration::seconds(2), knock);
        EXPECT_EQ(first.status, 201) << token << first.body;
        EXPECT_EQ(first.at("state"), "placed") << token;
        EXPECT_EQ(first.at("payments.0.state"), state) << token << first.body;
        EXPECT_EQ(first.header("Preference-Applied"), "wait=10") << token;
        expect_the_same(knock, first);
    }
}

TEST_F(PreferWaitSpec, another_card_is_waited_for_by_itself) {
    auto const path = shop.ask(order("k1", "tok_decline")).header("Location");
    shop.live(Duration::minutes(1));
    auto const offered =
        within(Duration::seconds(2),
               with_key(path + "/payments", R"({"method":"card","token":"tok_approve"})", "k2",
                        "wait=10"));
    EXPECT_EQ(offered.at("state"), "confirmed") << offered.body;
}

TEST_F(PreferWaitSpec, a_refund_is_waited_for_until_the_provider_has_answered) {
    auto const path = shop.ask(order("k1", "tok_approve")).header("Location");
    shop.live(Duration::days(10));
    auto const knock = with_key(
        path + "/refunds",
        R"({"kind":"goodwill","amount":{"amount":100,"currency":"GBP"},"reason":"a late mug"})",
        "k2", "wait=3");
    auto const first = within(Duration::seconds(2), knock);
    EXPECT_EQ(first.status, 202) << first.body;
    EXPECT_EQ(first.at("state"), "settled") << first.body;
    EXPECT_EQ(first.header("Preference-Applied"), "wait=3");
    expect_the_same(knock, first);
}

TEST_F(PreferWaitSpec, a_capture_by_hand_is_waited_for_until_the_provider_has_answered) {
    auto const path = shop.ask(order("k1", "tok_approve")).header("Location");
    shop.live(Duration::minutes(1));
    auto const payment = "/v1/payments/" + shop.get(path).at("payments.0.id");
    auto const knock =
        with_key(payment + "/capture", R"({"reason":"the buyer asked"})", "k2", "wait=4");
    auto const first = within(Duration::seconds(3), knock);
    EXPECT_EQ(first.status, 202) << first.body;
    EXPECT_EQ(first.at("state"), "captured") << first.body;
    EXPECT_EQ(first.at("captured.amount"), "2899");
    EXPECT_EQ(first.header("Preference-Applied"), "wait=4");
    expect_the_same(knock, first);
}

TEST_F(PreferWaitSpec, what_is_done_at_once_is_not_waited_for) {
    auto const path = shop.ask(order("k1", "tok_approve")).header("Location");
    shop.live(Duration::days(10));
    auto const knock =
        with_key(path + "/returns", R"({"lines":[{"line":1,"quantity":1}],"reason":"too small"})",
                 "k2", "wait=5");
    auto const first = within(Duration::milliseconds(5), knock);
    EXPECT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(first.at("state"), "requested");
    expect_the_same(knock, first);
}

} // namespace
} // namespace kontor::services::gateway
