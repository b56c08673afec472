#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// The processes of orders, as operators find, read and move them.
class SagasSpec : public ::testing::Test {
protected:
    SagasSpec() { shop.stock_the_shelves(); }

    std::string place(std::string const& key, std::string const& token = "tok_approve") {
        return shop.post("/v1/orders", shop.order_body(1, token), {}, key).at("id");
    }
    Got list(std::string const& query = {}) { return shop.get("/v1/ops/sagas" + query); }
    Got show(std::string const& order) { return shop.get("/v1/ops/sagas/" + order); }
    Got act(std::string const& order, std::string const& verb) {
        return shop.post("/v1/ops/sagas/" + order + "/" + verb, R"({"reason":"as agreed"})");
    }
    /// Whether a list of what was sent has a step.
    static bool has_step(Got const& got, std::string const& list, std::string_view step) {
        for (std::size_t n = 0; n < got.count(list); ++n)
            if (got.at(list + "." + std::to_string(n) + ".step") == step)
                return true;
        return false;
    }

    ShopDoor shop;
};

TEST_F(SagasSpec, what_is_listed_stands_where_its_own_facts_say) {
    auto const first = place("k1");
    auto const second = place("k2", "tok_decline");
    for (int minutes = 0; minutes < 30; ++minutes) {
        shop.live(Duration::minutes(7));
        auto const listed = list();
        ASSERT_EQ(listed.status, 200) << listed.body;
        for (std::size_t n = 0; n < listed.count("data"); ++n) {
            auto const row = "data." + std::to_string(n);
            auto const shown = show(listed.at(row + ".order_id"));
            EXPECT_EQ(shown.at("at_rest"), "false");
            EXPECT_EQ(listed.at(row + ".phase"), shown.at("phase"));
            EXPECT_EQ(listed.at(row + ".version"), shown.at("version"));
            EXPECT_EQ(listed.count(row + ".waits_for"), shown.count("waits_for")) << listed.body;
        }
        bool const is_listed = listed.body.find(first) != std::string::npos;
        EXPECT_EQ(is_listed, show(first).at("at_rest") == "false");
    }
    shop.live(Duration::days(60));
    EXPECT_EQ(list().count("data"), 0U) << "both have ended: " << list().body;
    EXPECT_EQ(show(first).at("at_rest"), "true");
    EXPECT_EQ(show(second).at("at_rest"), "true");
}

TEST_F(SagasSpec, they_are_found_by_phase_by_order_and_by_what_is_overdue) {
    auto const order = place("k1");
    place("k2", "tok_decline");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(list().count("data"), 2U) << list().body;
    EXPECT_EQ(list("?phase=fulfilling").at("data.0.order_id"), order) << list().body;
    EXPECT_EQ(list("?phase=fulfilling").count("data"), 1U);
    EXPECT_EQ(list("?order=" + order).count("data"), 1U);
    EXPECT_EQ(list("?overdue=true").count("data"), 0U);
    EXPECT_EQ(list("?phase=asleep").status, 400);
    EXPECT_EQ(list("?overdue=perhaps").status, 400);
    auto const page = list("?limit=1");
    EXPECT_EQ(page.at("has_more"), "true");
    auto const next = shop.get(page.at("next"));
    EXPECT_EQ(next.count("data"), 1U) << next.body;
    EXPECT_NE(next.at("data.0.order_id"), page.at("data.0.order_id"));
    shop.follow(false); // nobody moves the rows, and time goes on
    shop.clock.pass(Duration::days(30));
    EXPECT_EQ(list("?overdue=true").count("data"), 2U) << list().body;
    EXPECT_EQ(list("?overdue=true").at("data.0.overdue"), "true");
}

TEST_F(SagasSpec, one_shows_its_steps_and_what_takes_each_back) {
    auto const order = place("k1");
    shop.live(Duration::minutes(1));
    auto const shown = show(order);
    EXPECT_EQ(shown.at("steps.0.noted"), "order_placed") << shown.body;
    EXPECT_EQ(shown.at("steps.0.to"), "reserving");
    EXPECT_EQ(shown.at("steps.0.sent.0.step"), "reserve");
    EXPECT_EQ(shown.at("steps.0.sent.0.undone_by"), "release");
    EXPECT_EQ(std::to_string(shown.count("steps")), shown.at("version"));
}

TEST_F(SagasSpec, what_would_be_taken_back_is_what_is_taken_back) {
    auto const order = place("k1");
    shop.live(Duration::minutes(1));
    auto const path = "/v1/ops/sagas/" + order + "/compensation";
    auto const plan = shop.get(path);
    ASSERT_EQ(plan.status, 200) << plan.body;
    EXPECT_GT(plan.count("sends"), 0U);
    EXPECT_EQ(show(order).at("phase"), "fulfilling") << "looking changes nothing";
    auto const steps = show(order).count("steps");
    auto const done = act(order, "compensate");
    EXPECT_EQ(done.status, 202) << done.body;
    EXPECT_EQ(done.at("state"), "cancelled");
    shop.settle();
    auto const after = show(order);
    auto const sent = "steps." + std::to_string(steps) + ".sent";
    ASSERT_EQ(after.count(sent), plan.count("sends")) << after.body << plan.body;
    for (std::size_t n = 0; n < plan.count("sends"); ++n)
        EXPECT_TRUE(has_step(after, sent, plan.at("sends." + std::to_string(n) + ".step")));
    shop.live(Duration::days(1));
    EXPECT_EQ(shop.get("/v1/orders/" + order).at("payments.0.held.amount"), "0");
    EXPECT_EQ(act(order, "compensate").at("state"), "cancelled") << "again is as once";
    EXPECT_EQ(shop.get(path).count("sends"), 0U);
    EXPECT_EQ(shop.get("/v1/ops/audit?verb=compensate_saga").at("data.0.reason"), "as agreed");
}

TEST_F(SagasSpec, the_graph_says_how_many_stand_where_as_the_list_does) {
    auto const graph = [&] { return shop.get("/v1/ops/sagas/graph"); };
    EXPECT_EQ(graph().at("edges.0.from"), "none") << graph().body;
    EXPECT_EQ(graph().at("edges.0.to"), "reserving");
    EXPECT_NE(graph().at("edges.0.when"), "");
    place("k1");
    place("k2", "tok_decline");
    for (int round = 0; round < 30; ++round) {
        shop.live(Duration::hours(round));
        auto const shown = graph();
        ASSERT_EQ(shown.status, 200) << shown.body;
        std::size_t open = 0;
        for (std::size_t n = 0; n < shown.count("phases"); ++n) {
            auto const phase = "phases." + std::to_string(n);
            auto const listed = list("?phase=" + shown.at(phase + ".phase")).count("data");
            EXPECT_EQ(shown.at(phase + ".runs"), std::to_string(listed)) << shown.body;
            open += listed;
        }
        auto const last = "phases." + std::to_string(shown.count("phases") - 1);
        EXPECT_EQ(shown.at(last + ".phase"), "done");
        EXPECT_EQ(shown.at(last + ".at_rest"), std::to_string(2 - open)) << shown.body;
    }
    shop.live(Duration::days(60));
    EXPECT_EQ(list().count("data"), 0U);
    EXPECT_NE(graph().body.find(R"("at_rest":2)"), std::string::npos) << graph().body;
}

TEST_F(SagasSpec, what_has_left_the_house_is_not_taken_back_so) {
    auto const order = place("k1");
    shop.live(Duration::days(5)); // the parcel leaves and arrives
    auto const late = act(order, "compensate");
    EXPECT_EQ(late.status, 409) << late.body;
    EXPECT_EQ(late.at("name"), "already_shipped");
    EXPECT_EQ(shop.get("/v1/ops/sagas/" + order + "/compensation").at("name"), "already_shipped");
}

TEST_F(SagasSpec, only_a_call_that_waits_is_made_again) {
    auto const order = place("k1", "tok_capture_fails");
    shop.live(Duration::minutes(1));
    auto const early = act(order, "retry");
    EXPECT_EQ(early.status, 409) << early.body;
    EXPECT_EQ(early.at("name"), "saga_not_waiting");
    EXPECT_FALSE(early.at("remedy").empty());
    auto const payment = shop.get("/v1/orders/" + order).at("payments.0.id");
    shop.post("/v1/payments/" + payment + "/capture", R"({"reason":"as agreed"})", {}, "m1");
    shop.live(Duration::minutes(1));
    auto const again = act(order, "retry");
    EXPECT_EQ(again.status, 202) << again.body;
    EXPECT_EQ(again.at("id"), payment);
    EXPECT_EQ(act("ord_00000000000000000000000001", "retry").status, 404);
}

} // namespace
} // namespace kontor::services::gateway
