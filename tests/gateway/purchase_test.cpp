#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// The same purchase from the first click to the last penny, as a new user would walk it.
class PurchaseSpec : public ::testing::Test {
protected:
    void SetUp() override { shop.stock_the_shelves(); }

    std::string placed(std::int64_t units = 2, std::string const& token = "tok_approve") {
        auto const got = shop.post("/v1/orders", shop.order_body(units, token), {},
                                   "order-" + std::to_string(++keys));
        EXPECT_EQ(got.status, 201) << got.body;
        return got.header("Location");
    }
    Got act(std::string path, std::string body = {}) {
        return shop.post(std::move(path), std::move(body), {}, "act-" + std::to_string(++keys));
    }

    ShopDoor shop;
    int keys{0};
};

TEST_F(PurchaseSpec, a_mug_is_bought_brought_sent_back_and_refunded) {
    auto const order = placed();
    shop.live(Duration::days(10));
    ASSERT_EQ(shop.get(order).at("state"), "completed");

    auto const announced =
        act(order + "/returns", R"({"lines":[{"line":1,"quantity":1}],"reason":"too small"})");
    ASSERT_EQ(announced.status, 201) << announced.body;
    EXPECT_EQ(announced.at("state"), "requested");
    EXPECT_EQ(announced.header("Location"), "/v1/returns/" + announced.at("id"));
    EXPECT_EQ(shop.get(announced.header("Location")).at("lines.0.quantity"), "1");

    auto const received = act(order + "/returns/" + announced.at("id") + "/receive",
                              R"({"lines":[{"line":1,"quantity":1,"condition":"restock"}]})");
    ASSERT_EQ(received.status, 200) << received.body;
    EXPECT_EQ(received.at("state"), "received");
    shop.live(Duration::days(1));
    auto const number = order.substr(order.rfind('/') + 1);
    for (auto const& query :
         std::vector<std::string>{"?limit=5", "?state=received", "?order=" + number}) {
        auto const listed = shop.get("/v1/returns" + query);
        EXPECT_EQ(listed.at("data.0.id"), announced.at("id")) << query << listed.body;
    }
    EXPECT_EQ(shop.get("/v1/returns?state=requested").count("data"), 0u);
    EXPECT_EQ(shop.get("/v1/returns?cursor=ord_1").at("code"), "E1009");
    auto const refunded = shop.get(order);
    EXPECT_EQ(refunded.at("refunds.0.state"), "settled") << refunded.body;
    EXPECT_EQ(refunded.at("refunds.0.kind"), "return");
    // The first of two parts of 20.83 and of 4.17: the penny that is left stays with the last mug.
    EXPECT_EQ(refunded.at("refunds.0.amount.amount"), "1251");
    EXPECT_EQ(refunded.at("payments.0.refunded.amount"), "1251");
    EXPECT_EQ(shop.get("/v1/inventory/MUG/main").at("on_hand"), "9");

    auto const goodwill = act(
        order + "/refunds",
        R"({"kind":"goodwill","amount":{"amount":100,"currency":"GBP"},"reason":"a late mug"})");
    ASSERT_EQ(goodwill.status, 202) << goodwill.body;
    shop.live(Duration::days(1));
    EXPECT_EQ(shop.get(goodwill.header("Location")).at("state"), "settled");
    EXPECT_EQ(
        act(order + "/refunds",
            R"({"kind":"goodwill","amount":{"amount":99999,"currency":"GBP"},"reason":"all"})")
            .status,
        409);
}

TEST_F(PurchaseSpec, operators_see_what_the_process_waits_for_and_the_papers) {
    auto const order = placed();
    auto const id = order.substr(order.rfind('/') + 1);
    shop.live(Duration::minutes(1));
    auto const saga = shop.get("/v1/ops/sagas/" + id);
    EXPECT_EQ(saga.at("phase"), "fulfilling") << saga.body;
    EXPECT_EQ(saga.at("at_rest"), "false");
    EXPECT_EQ(saga.count("shipments"), 1u);
    EXPECT_EQ(shop.get("/v1/ops/attention").count("data"), 0u);
    EXPECT_EQ(shop.get("/v1/invoices/INV-2023-1").status, 404);
    shop.live(Duration::days(10));
    EXPECT_EQ(shop.get("/v1/ops/sagas/" + id).at("at_rest"), "true");
    auto const invoice = shop.get("/v1/invoices/INV-2023-1");
    EXPECT_EQ(invoice.at("order_id"), id) << invoice.body;
    EXPECT_EQ(invoice.at("gross.amount"), "2899");
    EXPECT_EQ(shop.get("/v1/invoices/CRN-2023-1").status, 404);
    EXPECT_EQ(shop.get("/v1/invoices/17").status, 404);
}

TEST_F(PurchaseSpec, a_parcel_is_unpacked_and_its_units_leave_in_two_packed_by_hand) {
    auto const order = placed(3);
    auto const pack = [&](int units, std::string const& key) {
        auto const body =
            R"({"location":"main","lines":[{"line":1,"quantity":)" + std::to_string(units) + "}]}";
        return shop.post(order + "/shipments", body, {}, key);
    };
    EXPECT_EQ(pack(1, "early").at("name"), "not_confirmed");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(pack(1, "packed").at("name"), "exceeds_open") << "all of it is in a parcel";
    auto const parcel = shop.get(order).at("shipments.0.id");
    EXPECT_EQ(act("/v1/shipments/" + parcel + "/cancel", R"({"reason":"too heavy"})").status, 200);
    shop.settle();
    EXPECT_EQ(pack(4, "many").at("name"), "exceeds_open");
    auto const first = pack(1, "one");
    ASSERT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(first.header("Location"), "/v1/shipments/" + first.at("id"));
    EXPECT_EQ(first.at("lines.0.quantity"), "1");
    auto const again = pack(1, "one");
    EXPECT_EQ(again.body, first.body) << "the same key packs once";
    EXPECT_EQ(pack(2, "two").status, 201);
    EXPECT_EQ(pack(1, "three").at("name"), "exceeds_open");
    EXPECT_EQ(
        shop.post(order + "/shipments", R"({"location":"main","lines":[]})", {}, "none").at("name"),
        "empty_parcel");
    shop.live(Duration::days(20));
    auto const ended = shop.get(order);
    EXPECT_EQ(ended.at("state"), "completed") << ended.body;
    EXPECT_EQ(ended.count("shipments"), 3U);
    EXPECT_EQ(ended.at("payments.0.captured.amount"), ended.at("total.amount"));
    EXPECT_EQ(pack(1, "late").at("name"), "order_closed");
}

TEST_F(PurchaseSpec, an_order_is_cancelled_and_everything_is_given_back) {
    auto const order = placed();
    shop.live(Duration::minutes(1));
    EXPECT_EQ(shop.get("/v1/inventory/MUG/main").at("reserved"), "2");
    auto const cancelled = act(order + "/cancel", R"({"reason":"changed my mind"})");
    EXPECT_EQ(cancelled.status, 200) << cancelled.body;
    EXPECT_EQ(cancelled.at("state"), "cancelled");
    shop.live(Duration::minutes(5));
    EXPECT_EQ(shop.get("/v1/inventory/MUG/main").at("reserved"), "0");
    EXPECT_EQ(shop.get(order).at("payments.0.state"), "voided");
}

TEST_F(PurchaseSpec, a_payment_that_took_no_money_says_what_was_asked_for) {
    for (auto const& [token, state] :
         {std::pair{"tok_decline", "declined"}, std::pair{"tok_action", "action_required"}}) {
        auto const order = placed(2, token);
        shop.live(Duration::minutes(1));
        auto const shown = shop.get(order);
        auto const alone = shop.get("/v1/payments/" + shown.at("payments.0.id"));
        auto const listed = shop.get("/v1/payments?order=" + shown.at("id"));
        for (auto const& [got, at] :
             {std::pair{shown, std::string("payments.0.")}, std::pair{alone, std::string()},
              std::pair{listed, std::string("data.0.")}}) {
            EXPECT_EQ(got.at(at + "state"), state) << got.body;
            EXPECT_EQ(got.at(at + "amount.amount"), "2899") << got.body;
            EXPECT_EQ(got.at(at + "method"), "card") << got.body;
            for (auto const* const sum : {"amount", "held", "captured", "refunded"})
                EXPECT_EQ(got.at(at + sum + ".currency"), "GBP") << got.body;
        }
        bool const acts = std::string_view(state) == "action_required";
        EXPECT_EQ(!alone.at("action_url").empty(), acts) << alone.body;
        EXPECT_EQ(shown.at("payments.0.action_url"), alone.at("action_url")) << shown.body;
    }
}

TEST_F(PurchaseSpec, a_step_at_the_bank_is_shown_until_it_is_taken) {
    auto const order = placed(2, "tok_action");
    shop.live(Duration::minutes(1));
    EXPECT_NE(shop.get(order).at("payments.0.action_url"), "");
    shop.live(Duration::days(8)); // the buyer goes there, and the goods come
    auto const shown = shop.get(order);
    EXPECT_EQ(shown.at("state"), "completed") << shown.body;
    EXPECT_EQ(shown.at("payments.0.action_url"), "") << shown.body;
}

TEST_F(PurchaseSpec, an_order_that_is_rejected_says_why) {
    auto const order = placed(11);
    shop.live(Duration::minutes(1));
    auto const shown = shop.get(order);
    EXPECT_EQ(shown.at("state"), "rejected") << shown.body;
    EXPECT_EQ(shown.at("rejected.reason"), "no_stock") << shown.body;
    EXPECT_EQ(shown.at("rejected.shortages.0.sku"), "MUG") << shown.body;
    auto const fine = placed(1);
    shop.live(Duration::minutes(1));
    EXPECT_EQ(shop.get(fine).at("rejected.reason"), "");
}

TEST_F(PurchaseSpec, a_declined_buyer_offers_another_card) {
    auto const order = placed(2, "tok_decline");
    shop.live(Duration::minutes(1));
    EXPECT_EQ(shop.get(order).at("state"), "placed");
    EXPECT_EQ(shop.get(order).at("payments.0.state"), "declined");
    auto const offered = act(order + "/payments", R"({"method":"card","token":"tok_approve"})");
    EXPECT_EQ(offered.status, 202) << offered.body;
    shop.live(Duration::minutes(1));
    EXPECT_EQ(shop.get(order).at("state"), "confirmed");
}

TEST_F(PurchaseSpec, a_mug_is_added_to_an_order_and_its_price_with_it) {
    auto const order = placed(1);
    shop.live(Duration::minutes(1));
    auto const version = shop.get(order).header("ETag");
    auto const edit = [&](std::string const& total) {
        return shop.ask({Method::post,
                         order + "/changes",
                         R"({"add":[{"sku":"MUG","quantity":1}],"expected_total":{"amount":)" +
                             total + R"(,"currency":"GBP"}})",
                         shop.all,
                         {{"idempotency-key", "edit-" + total}, {"if-match", version}}});
    };
    EXPECT_EQ(edit("1").at("total.amount"), "2899");
    auto const edited = edit("2899");
    EXPECT_EQ(edited.status, 202) << edited.body;
    EXPECT_EQ(edited.at("state"), "editing");
    shop.live(Duration::minutes(2));
    auto const committed = shop.get(order);
    EXPECT_EQ(committed.at("state"), "confirmed") << committed.body;
    EXPECT_EQ(committed.count("lines"), 2u);
    EXPECT_EQ(committed.at("total.amount"), "2899");
}

TEST_F(PurchaseSpec, a_parcel_is_held_dispatched_and_delivered_by_hand) {
    auto const order = placed();
    shop.live(Duration::minutes(1));
    auto const shipment = "/v1/shipments/" + shop.get(order).at("shipments.0.id");
    EXPECT_EQ(act(shipment + "/hold", R"({"reason":"a closer look"})").at("state"), "held");
    auto const refused = act(shipment + "/dispatch", R"({"carrier":"dhl","tracking":"T1"})");
    EXPECT_EQ(refused.at("name"), "on_hold") << refused.body;
    EXPECT_EQ(act(shipment + "/resume").at("state"), "created");
    auto const gone = act(shipment + "/dispatch", R"({"carrier":"dhl","tracking":"T1"})");
    EXPECT_EQ(gone.at("state"), "dispatched") << gone.body;
    EXPECT_EQ(gone.at("tracking"), "T1");
    auto const there = act(shipment + "/deliver", "{}");
    EXPECT_EQ(there.at("state"), "delivered") << there.body;
    EXPECT_EQ(shop.get(order).at("labels.fulfilment"), "delivered");
    EXPECT_EQ(shop.get("/v1/shipments?state=delivered").count("data"), 1u);
}

TEST_F(PurchaseSpec, a_coupon_is_issued_used_and_used_up) {
    auto const issued = shop.post(
        "/v1/coupons",
        R"({"code":"SPRING","bp":1000,"from":"2020-01-01T00:00:00Z","until":"2030-01-01T00:00:00Z","uses":1})");
    ASSERT_EQ(issued.status, 201) << issued.body;
    auto const basket =
        R"({"lines":[{"sku":"MUG","quantity":2}],"currency":"GBP","country":"GB","coupon":"SPRING"})";
    auto const quoted = shop.post("/v1/quotes", basket);
    EXPECT_EQ(quoted.at("discount.amount"), "250") << quoted.body;
    auto body = shop.order_body();
    body.replace(body.find("2899"), 4, quoted.at("total.amount"));
    body.insert(1, R"("coupon":"SPRING",)");
    EXPECT_EQ(act("/v1/orders", body).status, 201);
    EXPECT_EQ(shop.get("/v1/coupons/SPRING").at("uses_left"), "0");
    EXPECT_EQ(act("/v1/orders", body).at("name"), "coupon_refused");
}

TEST_F(PurchaseSpec, a_customer_registers_changes_and_is_forgotten) {
    auto const registered =
        shop.post("/v1/customers", R"({"email":"ada@example.org","country":"GB","name":"Ada"})");
    ASSERT_EQ(registered.status, 201) << registered.body;
    auto const path = registered.header("Location");
    auto const changed = shop.ask({Method::patch,
                                   path,
                                   R"({"phone":"+44 1"})",
                                   shop.all,
                                   {{"if-match", registered.header("ETag")}}});
    EXPECT_EQ(changed.at("phone"), "+44 1") << changed.body;
    EXPECT_EQ(changed.at("name"), "Ada");
    auto const preferences = shop.ask({Method::put,
                                       path + "/preferences",
                                       R"({"channels":[{"topic":"order","channels":["email"]}]})",
                                       shop.all,
                                       {{"if-match", changed.header("ETag")}}});
    EXPECT_EQ(preferences.at("channels.0.topic"), "order") << preferences.body;
    EXPECT_EQ(shop.get(path + "/export").at("customer.email"), "ada@example.org");
    auto const erased = shop.post(path + "/erase", R"({"confirm":")" + registered.at("id") +
                                                       R"(","reason":"asked to be forgotten"})");
    EXPECT_EQ(erased.status, 202) << erased.body;
    EXPECT_EQ(shop.get(path).at("erased"), "true");
    EXPECT_EQ(shop.get(path).body.find("ada@"), std::string::npos);
    EXPECT_EQ(shop.get("/v1/customers").at("data.0.erased"), "true");
}

} // namespace
} // namespace kontor::services::gateway
