#include "tests/gateway/shop_door.hpp"

#include "codec/json.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

constexpr auto bus_of_rules = "ecommerce-platform";

std::string as_text(std::string const& json) {
    std::string text;
    codec::append_json(text, json);
    return text;
}

/// The rules of a bus, as operators look at them.
class RulesSpec : public ::testing::Test {
protected:
    RulesSpec() {
        for (auto const* const queue :
             {"analytics", "notifications", "inventory-updates", "dead-letter",
              "order-processing.fifo", "payment-processing.fifo", "dead-letter.fifo"})
            EXPECT_TRUE(shop.queue_admin().create(ports::QueueName(queue),
                                                  std::string_view(queue).ends_with(".fifo")
                                                      ? ports::QueueKind::fifo
                                                      : ports::QueueKind::standard,
                                                  {}, ports::QueueOwner::caller));
        shop.settle();
        auto& bus = shop.archives.bus;
        EXPECT_TRUE(
            bus.put_rule({.name = "large",
                          .bus = bus_of_rules,
                          .pattern = R"({"source":["app"],"detail":{"n":[{"numeric":[">",5]}]}})"},
                         {}));
        ports::TargetDescription target{.id = "one"};
        target.arn = "arn:aws:sqs:us-east-1:000000000000:mine";
        EXPECT_TRUE(bus.put_targets(bus_of_rules, "large", std::span(&target, 1)));
    }
    Got test(std::string const& pattern, std::string const& event) {
        return shop.post("/v1/ops/rules/test", R"({"pattern":)" + as_text(pattern) +
                                                   R"(,"event":)" + as_text(event) + "}");
    }
    Got matches(std::string const& event) {
        return shop.post("/v1/ops/rules/matches", R"({"event":)" + as_text(event) + "}");
    }

    ShopDoor shop;
};

TEST_F(RulesSpec, rules_are_listed_and_shown_with_their_targets) {
    auto const list = shop.get("/v1/ops/rules?prefix=la");
    ASSERT_EQ(list.count("data"), 1U) << list.body;
    EXPECT_EQ(list.at("data.0.name"), "large");
    EXPECT_GT(shop.get("/v1/ops/rules").count("data"), 4U) << "the shop's own are there as well";
    auto const one = shop.get("/v1/ops/rules/large");
    EXPECT_EQ(one.at("state"), "enabled") << one.body;
    EXPECT_EQ(one.at("targets.0.to"), "arn:aws:sqs:us-east-1:000000000000:mine");
    EXPECT_EQ(shop.get("/v1/ops/rules/other").at("name"), "unknown_rule");
    EXPECT_EQ(shop.get("/v1/ops/rules?bus=other").at("name"), "unknown_rule");
}

TEST_F(RulesSpec, a_test_says_field_by_field_why_not) {
    auto const got = test(R"({"source":["app"],"detail":{"state":["Paid"]}})",
                          R"({"source":"app","detail":{"state":"paid"}})");
    ASSERT_EQ(got.status, 200) << got.body;
    EXPECT_EQ(got.at("verdict"), "no_match");
    ASSERT_EQ(got.count("ways.0.fields"), 2U) << got.body;
    EXPECT_EQ(got.at("ways.0.fields.0.state"), "differs") << got.body;
    EXPECT_EQ(got.at("ways.0.fields.0.field"), "detail.state");
    EXPECT_EQ(got.at("ways.0.fields.0.wanted"), "/detail/state");
    EXPECT_EQ(got.at("ways.0.fields.0.near.0.at"), "/detail/state");
    EXPECT_EQ(got.at("ways.0.fields.0.near.0.differs_in"), "letter_case");
    EXPECT_EQ(got.at("ways.0.fields.1.state"), "matched");
    EXPECT_EQ(test(R"({"source":["app"]})", R"({"source":"app"})").at("verdict"), "match");
}

TEST_F(RulesSpec, what_may_not_be_meant_is_said_and_what_cannot_be_is_refused) {
    auto const linted = test(R"({"source":["a","a"]})", R"({"source":"a"})");
    EXPECT_EQ(linted.at("lint.0.fault"), "repeated") << linted.body;
    auto const wrong = test(R"({"source":"a"})", R"({"source":"a"})");
    EXPECT_EQ(wrong.at("errors.0.pointer"), "/pattern") << wrong.body;
    EXPECT_EQ(test(R"({"source":["a"]})", "[]").at("errors.0.pointer"), "/event");
    EXPECT_EQ(shop.post("/v1/ops/rules/matches", "{}").at("errors.0.pointer"), "/event");
}

TEST_F(RulesSpec, an_event_has_its_rules_and_its_near_misses) {
    auto const met = matches(R"({"source":"app","detail-type":"x","detail":{"n":7}})");
    ASSERT_EQ(met.count("rules"), 1U) << met.body;
    EXPECT_EQ(met.at("rules.0"), "large");
    auto const missed = matches(R"({"source":"app","detail-type":"x","detail":{"n":5}})");
    EXPECT_EQ(missed.count("rules"), 0U) << missed.body;
    ASSERT_EQ(missed.count("near_misses"), 1U) << missed.body;
    EXPECT_EQ(missed.at("near_misses.0.rule"), "large");
    EXPECT_EQ(missed.at("near_misses.0.missed.field"), "detail.n");
    EXPECT_EQ(missed.at("near_misses.0.missed.near.0.differs_in"), "range") << missed.body;
}

TEST_F(RulesSpec, an_event_is_held_against_so_much_of_patterns_and_then_it_is_said) {
    auto const put = [&](std::string name, std::string pattern, ports::RuleState state) {
        ASSERT_TRUE(shop.archives.bus.put_rule({.name = std::move(name),
                                                .bus = bus_of_rules,
                                                .pattern = std::move(pattern),
                                                .state = state},
                                               {}));
    };
    auto const event = R"({"source":"app","detail":{"n":9}})";
    put("zz_last", R"({"source":["app"]})", ports::RuleState::enabled);
    EXPECT_EQ(matches(event).count("rules"), 2U);
    EXPECT_EQ(matches(event).at("is_cut"), "false");
    auto const long_pattern = R"({"detail":{"n":[")" + std::string(2'000, 'x') + R"("]}})";
    for (int i = 0; i < 300; ++i)
        put("many" + std::to_string(i), long_pattern, ports::RuleState::enabled);
    auto const got = matches(event);
    EXPECT_EQ(got.at("is_cut"), "true") << got.body;
    EXPECT_EQ(got.count("rules"), 1U) << "the last is behind what was looked at";
}

TEST_F(RulesSpec, a_fact_of_the_log_is_held_against_the_rules_by_its_position) {
    shop.stock_the_shelves();
    auto const order = shop.post("/v1/orders", shop.order_body(), shop.all, "buy");
    ASSERT_EQ(order.status, 201) << order.body;
    auto const facts = shop.get("/v1/events?type=order.placed");
    auto const position = facts.at("data.0.position");
    auto const got = shop.post("/v1/ops/rules/matches", R"({"position":)" + position + "}");
    EXPECT_EQ(got.at("rules.0"), "order-notifications") << position << got.body;
    EXPECT_EQ(shop.post("/v1/ops/rules/matches", R"({"position":99999})").at("name"), "not_found");
}

/// `more` is what the body says beside reason and queues.
std::string wish(std::string const& pattern, std::string const& queues,
                 std::string const& more = {}) {
    return R"({"reason":"a test","pattern":)" + as_text(pattern) + R"(,"queues":[)" + queues + "]" +
           more + "}";
}

TEST_F(RulesSpec, a_rule_of_ones_own_is_made_changed_and_removed) {
    auto const place = "/v1/ops/rules/paid-to-me";
    auto const put = [&](std::string const& body) {
        return shop.ask({Method::put, place, body, shop.all});
    };
    auto const pattern = R"({"detail-type":["order.placed"]})";
    auto const made = put(wish(pattern, R"("notifications")", R"(,"description":"for a test")"));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.at("state"), "enabled");
    EXPECT_EQ(made.at("pattern"), pattern);
    EXPECT_EQ(made.at("description"), "for a test");
    EXPECT_EQ(made.at("targets.0.id"), "notifications");
    EXPECT_EQ(shop.get(place).body, made.body);
    shop.post(std::string(place) + "/disable", R"({"reason":"not yet"})");
    auto const changed = put(wish(R"({"detail-type":["order.confirmed"]})", R"("analytics")",
                                  R"(,"dead_letters":"dead-letter")"));
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.at("state"), "disabled") << "a change turns nothing on";
    EXPECT_EQ(changed.count("targets"), 1U) << "no others than those that are named";
    EXPECT_EQ(changed.at("targets.0.id"), "analytics");
    EXPECT_TRUE(changed.at("targets.0.dead_letters").ends_with(":dead-letter")) << changed.body;
    auto const audit = shop.get("/v1/ops/audit?verb=put_rule");
    EXPECT_EQ(audit.count("data"), 2U) << audit.body;

    Knock gone{Method::remove, place, {}, shop.all};
    EXPECT_EQ(shop.ask(gone).at("name"), "parameter_invalid");
    gone.headers = {{"kontor-reason", "it is over"}};
    EXPECT_EQ(shop.ask(gone).status, 204);
    EXPECT_EQ(shop.get(place).at("name"), "unknown_rule");
    EXPECT_EQ(shop.ask(gone).at("name"), "unknown_rule");
}

TEST_F(RulesSpec, a_rule_that_cannot_be_is_refused_and_changes_nothing) {
    auto const put = [&](std::string const& name, std::string const& body) {
        return shop.ask({Method::put, "/v1/ops/rules/" + name, body, shop.all});
    };
    auto const pattern = R"({"source":["app"]})";
    EXPECT_EQ(put("mine", wish("{}", R"("analytics")")).at("errors.0.pointer"), "/pattern");
    EXPECT_EQ(put("mine", wish(pattern, "")).at("errors.0.pointer"), "/queues");
    auto const nowhere = put("mine", wish(pattern, R"("analytics","nowhere")"));
    EXPECT_EQ(nowhere.at("name"), "rule_refused");
    EXPECT_EQ(nowhere.at("errors.0.pointer"), "/queues/1") << nowhere.body;
    EXPECT_EQ(put("risk-signals", wish(pattern, R"("analytics")")).at("name"), "owned_by_topology");
    EXPECT_EQ(shop.ask({Method::put, "/v1/ops/rules/mine?bus=other",
                        wish(pattern, R"("analytics")"), shop.all})
                  .at("name"),
              "unknown_rule");
    EXPECT_EQ(put("not a name", wish(pattern, R"("analytics")")).at("name"), "rule_refused");
    auto const fifo = R"("order-processing.fifo")";
    EXPECT_EQ(put("mine", wish(pattern, fifo)).at("errors.0.pointer"), "/group");
    EXPECT_EQ(put("mine", wish(pattern, R"("analytics","analytics")")).at("errors.0.pointer"),
              "/queues/0");
    EXPECT_EQ(put("mine", wish(pattern, fifo, R"(,"group":"g","dead_letters":"dead-letter.fifo")"))
                  .at("errors.0.pointer"),
              "/dead_letters");
    EXPECT_EQ(shop.get("/v1/ops/rules/mine").at("name"), "unknown_rule");
    EXPECT_EQ(put("mine", wish(pattern, fifo, R"(,"group":"g")")).status, 200);
}

TEST_F(RulesSpec, a_rule_has_its_targets_before_anything_meets_it) {
    auto& bus = shop.archives.bus;
    auto const put = [&](std::string const& queues) {
        return shop.ask({Method::put, "/v1/ops/rules/five",
                         wish(R"({"source":["app"]})", queues, R"(,"group":"g")"), shop.all});
    };
    EXPECT_EQ(put(R"("analytics","notifications","dead-letter")").count("targets"), 3U);
    auto const all = put(R"("order-processing.fifo","payment-processing.fifo",)"
                         R"("inventory-updates","dead-letter.fifo","analytics")");
    ASSERT_EQ(all.status, 200) << all.body;
    EXPECT_EQ(all.count("targets"), 5U) << "three old ones and five: some old ones go before";
    EXPECT_EQ(bus.list_targets_by_rule(bus_of_rules, "five", {})->items.size(), 5U);
}

TEST_F(RulesSpec, a_rule_of_ones_own_can_be_turned_off_and_on_and_the_shops_cannot) {
    auto const off = shop.post("/v1/ops/rules/large/disable", R"({"reason":"its reader is away"})");
    ASSERT_EQ(off.status, 200) << off.body;
    EXPECT_EQ(off.at("state"), "disabled");
    EXPECT_EQ(matches(R"({"source":"app","detail":{"n":7}})").count("rules"), 0U);
    auto const audit = shop.get("/v1/ops/audit?verb=disable_rule");
    EXPECT_EQ(audit.at("data.0.before.state"), "enabled") << audit.body;
    EXPECT_EQ(audit.at("data.0.after.state"), "disabled");
    shop.post("/v1/ops/rules/large/enable", R"({"reason":"it is back"})");
    EXPECT_EQ(matches(R"({"source":"app","detail":{"n":7}})").count("rules"), 1U);
    EXPECT_EQ(shop.post("/v1/ops/rules/risk-signals/disable", R"({"reason":"a test"})").at("name"),
              "owned_by_topology");
    EXPECT_EQ(shop.get("/v1/ops/audit?verb=disable_rule").count("data"), 1U)
        << "what was not done is in no record";
    EXPECT_EQ(shop.get("/v1/ops/rules/risk-signals").at("is_of_topology"), "true");
}

} // namespace
} // namespace kontor::services::gateway
