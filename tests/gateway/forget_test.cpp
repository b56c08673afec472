#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// What is personal, unmistakable, in a shop whose keys are in memory: it must stand in no payload
/// of the log, be shown to those who may see it, and to nobody once the person is forgotten.
class ForgetSpec : public ::testing::Test {
protected:
    void SetUp() override { shop.stock_the_shelves(); }

    Got register_ada() {
        return shop.post("/v1/customers", R"({"email":"canary-mail@example.org","country":"GB",)"
                                          R"("name":"Canary Name","phone":"+44 canary"})");
    }
    /// The body of an order of hers.
    std::string order_of(std::string const& customer) {
        auto body = shop.order_body();
        for (auto const& [plain, canary] :
             {std::pair{"\"Ada\"", "\"Canary Name\""}, std::pair{"1 Street", "1 Canary Street"},
              std::pair{"ada@example.org", "canary-mail@example.org"}})
            body.replace(body.find(plain), std::string(plain).size(), canary);
        body.insert(body.rfind('}'), R"(,"customer_id":")" + customer + '"');
        return body;
    }
    Got erase(std::string const& customer) {
        return shop.post("/v1/customers/" + customer + "/erase",
                         R"({"confirm":")" + customer + R"(","reason":"asked to be forgotten"})",
                         {}, "erase-" + std::to_string(++keys));
    }
    std::string stored() {
        std::string bytes;
        for (ports::Position at{};;) {
            auto const page = shop.store.read_log(at, ports::Limit(1000)).value();
            if (page.empty())
                return bytes;
            for (auto const& event : page.events) {
                bytes.append(event.payload.begin(), event.payload.end());
                at = event.position;
            }
        }
    }
    static bool has_canary(std::string const& text) {
        for (auto const* word : {"canary-mail", "Canary Name", "1 Canary Street", "+44 canary"})
            if (text.find(word) != std::string::npos)
                return true;
        return false;
    }
    /// All answers in which something of her could stand.
    std::vector<std::string> answers(std::string const& customer, std::string const& order) {
        std::vector<std::string> all;
        for (auto const& path :
             {"/v1/customers/" + customer, "/v1/customers/" + customer + "/export", order,
              order + "/timeline?detail=full", std::string("/v1/events?limit=200"),
              "/v1/ops/streams/customer-" + customer.substr(4),
              "/v1/ops/streams/order-" + order.substr(order.rfind('_') + 1)})
            all.push_back(shop.get(path).body);
        return all;
    }

    ShopDoor shop;
    int keys{0};
};

TEST_F(ForgetSpec, a_person_is_shown_to_those_who_may_and_to_nobody_once_forgotten) {
    auto const ada = register_ada().at("id");
    auto const body = order_of(ada);
    auto const placed = shop.post("/v1/orders", body, {}, "order-1");
    ASSERT_EQ(placed.status, 201) << placed.body;
    EXPECT_EQ(placed.at("contact.email"), "canary-mail@example.org");
    auto const order = placed.header("Location");
    EXPECT_EQ(erase(ada).at("name"), "open_orders");
    shop.live(Duration::days(5)); // the key of the order is remembered a week
    ASSERT_EQ(shop.get(order).at("state"), "completed") << shop.get(order).body;
    EXPECT_FALSE(has_canary(stored()));
    EXPECT_EQ(shop.get(order).at("ship_to.name"), "Canary Name");
    EXPECT_EQ(shop.get("/v1/customers/" + ada + "/export").at("orders.0.contact.email"),
              "canary-mail@example.org");
    auto const masked = shop.make_token({Role::operations});
    EXPECT_FALSE(has_canary(shop.get(order, masked).body));
    auto const may_see = shop.make_token({Role::operations}, {"pii"});
    EXPECT_TRUE(has_canary(shop.get(order, may_see).body));

    ASSERT_EQ(erase(ada).status, 202);
    for (auto const& answer : answers(ada, order))
        EXPECT_FALSE(has_canary(answer)) << answer;
    EXPECT_EQ(shop.get(order).at("state"), "completed");
    shop.crash();
    for (auto const& answer : answers(ada, order))
        EXPECT_FALSE(has_canary(answer)) << answer;
    // The same key gives the same order, without her.
    auto const again = shop.post("/v1/orders", body, {}, "order-1");
    EXPECT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(again.at("id"), placed.at("id"));
    EXPECT_FALSE(has_canary(again.body));
    EXPECT_EQ(shop.post("/v1/orders", body, {}, "order-2").at("name"), "customer_erased");
}

TEST_F(ForgetSpec, letters_to_a_person_are_shown_until_she_is_forgotten) {
    auto const ada = register_ada().at("id");
    auto const bob = shop.post("/v1/customers", R"({"email":"bob@example.org","country":"GB"})", {},
                               "register-bob")
                         .at("id");
    Id128 const letter{1, 2};
    shop.outbox.kept = {{letter, "canary-mail@example.org", "Canary Name", "Your order",
                         "Hello Canary Name,", shop.clock.now(), 1,
                         CustomerId::parse(ada).value().value()},
                        {{3, 4},
                         "bob@example.org",
                         "",
                         "Your order",
                         "Hello,",
                         shop.clock.now(),
                         1,
                         CustomerId::parse(bob).value().value()},
                        {{5, 6}, "ops@example.org", "", "Look", "An alert", shop.clock.now()}};
    auto const path = "/v1/ops/mail/" + letter.to_string();
    EXPECT_TRUE(has_canary(shop.get("/v1/ops/mail").body));
    EXPECT_TRUE(has_canary(shop.get(path).body));
    ASSERT_EQ(erase(ada).status, 202);
    shop.settle();
    EXPECT_FALSE(has_canary(shop.get("/v1/ops/mail").body));
    EXPECT_EQ(shop.get("/v1/ops/mail").count("data"), 2U) << "the others stay";
    EXPECT_EQ(shop.get(path).status, 404);
    EXPECT_FALSE(has_canary(shop.get(path).body));
}

TEST_F(ForgetSpec, repeated_answers_are_the_same_bytes) {
    auto const registered =
        shop.post("/v1/customers", R"({"email":"canary-mail@x","country":"GB"})", {}, "register-1");
    shop.crash();
    auto const again =
        shop.post("/v1/customers", R"({"email":"canary-mail@x","country":"GB"})", {}, "register-1");
    EXPECT_EQ(again.body, registered.body);
}

TEST_F(ForgetSpec, a_guest_who_has_ordered_can_be_forgotten) {
    auto const guest = shop.new_guest();
    auto const placed = shop.ask({Method::post,
                                  "/v1/orders",
                                  shop.order_body(),
                                  {},
                                  [&] {
                                      auto headers = guest;
                                      headers.emplace("idempotency-key", "guest-1");
                                      return headers;
                                  }(),
                                  Listener::shop});
    ASSERT_EQ(placed.status, 201) << placed.body;
    auto const id = placed.at("customer_id");
    EXPECT_EQ(erase(id).at("name"), "open_orders");
    shop.live(Duration::days(40));
    EXPECT_EQ(erase(id).status, 202);
    auto const shown = shop.get(placed.header("Location"));
    EXPECT_EQ(shown.body.find("ada@example.org"), std::string::npos) << shown.body;
    EXPECT_EQ(erase("cus_01J8ZQ4YB0A1B2C3D4E5F6G7H8").at("name"), "unknown_customer");
}

TEST_F(ForgetSpec, whoever_an_order_names_no_customer_for_can_be_forgotten) {
    auto const placed = shop.post("/v1/orders", shop.order_body(), {}, "nobody-1");
    auto const other = shop.post("/v1/orders", shop.order_body(), {}, "nobody-2");
    ASSERT_EQ(placed.status, 201) << placed.body;
    auto const id = placed.at("customer_id");
    ASSERT_FALSE(id.empty()) << placed.body;
    shop.live(Duration::days(40));
    EXPECT_EQ(erase(id).status, 202);
    shop.live(Duration::seconds(1));
    auto const reads = [&](Got const& of) {
        return shop.get(of.header("Location")).body.find("ada@example.org") != std::string::npos;
    };
    EXPECT_FALSE(reads(placed));
    EXPECT_TRUE(reads(other)) << "each of them is somebody else";
}

TEST_F(ForgetSpec, whom_a_bank_argues_about_is_not_forgotten_yet) {
    auto const ada = register_ada().at("id");
    auto body = order_of(ada);
    body.replace(body.find("tok_approve"), 11, "tok_dispute");
    auto const placed = shop.post("/v1/orders", body, {}, "order-1");
    ASSERT_EQ(placed.status, 201) << placed.body;
    auto const state = [&] { return shop.get(placed.header("Location")).at("payments.0.state"); };
    for (int day = 0; day < 60 && state() != "disputed"; ++day)
        shop.live(Duration::days(1));
    ASSERT_EQ(state(), "disputed");
    EXPECT_EQ(erase(ada).at("name"), "open_dispute");
}

TEST_F(ForgetSpec, an_erasure_waits_for_rows_that_know_every_order) {
    auto const ada = register_ada().at("id");
    shop.follow(false);
    ASSERT_EQ(shop.post("/v1/orders", order_of(ada), {}, "order-1").status, 201);
    auto const ticket = shop.start({Method::post, "/v1/customers/" + ada + "/erase",
                                    R"({"confirm":")" + ada + R"(","reason":"asked"})", shop.all});
    shop.settle();
    EXPECT_FALSE(shop.collected(ticket));
    shop.follow(true);
    shop.live(Duration::milliseconds(10));
    ASSERT_TRUE(shop.collected(ticket));
    EXPECT_EQ(shop.collected(ticket)->at("name"), "open_orders");
}

TEST_F(ForgetSpec, an_export_waits_for_rows_that_know_every_order) {
    auto const ada = register_ada().at("id");
    shop.follow(false);
    auto const placed = shop.post("/v1/orders", order_of(ada), {}, "order-1");
    ASSERT_EQ(placed.status, 201) << placed.body;
    auto const ticket = shop.start({.path = "/v1/customers/" + ada + "/export", .token = shop.all});
    shop.settle();
    EXPECT_FALSE(shop.collected(ticket));
    shop.follow(true);
    shop.live(Duration::milliseconds(10));
    ASSERT_TRUE(shop.collected(ticket));
    EXPECT_EQ(shop.collected(ticket)->at("orders.0.id"), placed.at("id"));
}

} // namespace
} // namespace kontor::services::gateway
