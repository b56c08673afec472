#include "tests/gateway/shop_door.hpp"

#include "codec/json.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

ports::QueueName const updates("inventory-updates");

std::string delivery_of(std::string const& sku, int units) {
    return R"({"id":"evt-1","detail-type":"stock.delivered","detail":{"location":"main",)"
           R"("reference":"po-2","items":[{"sku":")" +
           sku + R"(","quantity":)" + std::to_string(units) + "}]}}";
}

/// What would come of a dead letter, without its coming.
class TrialsSpec : public ::testing::Test {
protected:
    TrialsSpec() {
        ports::QueueChange change;
        change.redrive =
            ports::RedrivePolicy{ports::QueueName("dead-letter"), 1, ports::DeadLetterPolicy::skip};
        for (auto const& [name, with] :
             {std::pair{ports::QueueName("dead-letter"), ports::QueueChange{}},
              std::pair{updates, change}, std::pair{ports::QueueName("notifications"), change}})
            EXPECT_TRUE(shop.queue_admin().create(name, ports::QueueKind::standard, with,
                                                  ports::QueueOwner::caller));
        shop.settle();
        shop.stock_the_shelves();
    }
    void bury(ports::QueueName const& queue, std::string const& body) {
        ports::OutgoingMessage message;
        message.body = body;
        ASSERT_TRUE(shop.queue().send(queue, ports::SenderId("a-test"), std::span(&message, 1)));
        shop.settle();
        auto const received = shop.queue().receive(queue, {1, {}, {}}).value();
        std::vector const one{
            ports::Settlement{received.messages.at(0).receipt, ports::Ending::dead, "a test"}};
        ASSERT_TRUE(shop.queue().settle(queue, one));
        shop.settle();
    }
    Got try_out(int number, std::optional<std::string> const& edited = {}) {
        std::string body = "{}";
        if (edited) {
            body = R"({"body":)";
            codec::append_json(body, *edited);
            body += '}';
        }
        return shop.post("/v1/ops/dlq/dead-letter/messages/" + std::to_string(number) + "/trial",
                         body);
    }

    ShopDoor shop;
};

TEST_F(TrialsSpec, what_would_take_effect_is_shown_and_does_not) {
    bury(updates, delivery_of("MUG", 5));
    auto const facts = shop.store.durable().position;
    for (int time = 0; time < 2; ++time) {
        auto const tried = try_out(1);
        ASSERT_EQ(tried.status, 200) << tried.body;
        EXPECT_EQ(tried.at("outcome"), "accepted") << tried.body;
        ASSERT_EQ(tried.count("facts"), 1U) << tried.body;
        EXPECT_EQ(tried.at("facts.0.type"), "stock.received");
        EXPECT_EQ(tried.at("facts.0.data.quantity"), "5") << tried.body;
    }
    EXPECT_EQ(shop.store.durable().position, facts) << "not even the audit record has more";
    EXPECT_EQ(shop.get("/v1/inventory/MUG").at("data.0.on_hand"), "10")
        << shop.get("/v1/inventory/MUG").body;
}

TEST_F(TrialsSpec, what_can_never_succeed_says_why_and_an_edited_copy_whether_it_would) {
    bury(updates, delivery_of("MGU", 5));
    auto const tried = try_out(1);
    EXPECT_EQ(tried.at("outcome"), "unreadable") << tried.body;
    EXPECT_NE(tried.at("why").find("MGU"), std::string::npos) << tried.body;
    EXPECT_EQ(tried.count("facts"), 0U);
    EXPECT_EQ(try_out(1, delivery_of("MUG", 5)).at("outcome"), "accepted");
    EXPECT_EQ(try_out(1, "{").at("outcome"), "unreadable");
}

TEST_F(TrialsSpec, what_the_shop_would_refuse_has_the_code_of_the_refusal) {
    bury(updates, delivery_of("MUG", 5));
    ASSERT_EQ(shop.post("/v1/orders", shop.order_body(2), shop.all, "buy").status, 201);
    auto const tried =
        try_out(1, R"({"id":"evt-1","detail-type":"stock.counted","detail":{"location":"main",)"
                   R"("items":[{"sku":"MUG","counted":1}]}})");
    EXPECT_EQ(tried.at("outcome"), "refused") << tried.body;
    EXPECT_EQ(tried.at("problem").substr(0, 1), "E") << tried.body;
    EXPECT_FALSE(tried.at("why").empty()) << tried.body;
}

TEST_F(TrialsSpec, nobody_knows_what_becomes_of_letters_for_others) {
    bury(ports::QueueName("notifications"), "hello");
    EXPECT_EQ(try_out(1).at("name"), "no_trial");
    EXPECT_EQ(try_out(2).at("name"), "no_such_letter");
}

} // namespace
} // namespace kontor::services::gateway
