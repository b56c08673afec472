#include "platform/routing/lint.hpp"
#include "platform/routing/matching.hpp"
#include "platform/routing/transformer.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

namespace kontor::routing {
namespace {

TEST(Topology, every_pattern_and_filter_compiles_and_says_what_is_meant) {
    for (auto const& rule : topology::shop.rules) {
        auto const pattern = compile(rule.pattern);
        ASSERT_TRUE(pattern.has_value()) << rule.name << ": " << to_string(pattern.error());
        auto const found = lint(*pattern);
        EXPECT_TRUE(found.empty()) << rule.name << ": " << found.front().what;
    }
    for (auto const& each : topology::shop.subscriptions)
        EXPECT_TRUE(compile(each.filter).has_value()) << each.topic;
}

TEST(Topology, every_template_compiles_and_gives_json) {
    auto const event = *read_json(
        R"({"detail-type":"order.placed","time":"2026-11-26T18:00:00Z","resources":["order-1"],)"
        R"("detail":{"metadata":{"correlation_id":"ord_1","id":"evt_1"}}})",
        16);
    for (auto const& rule : topology::shop.rules)
        for (auto const& target : rule.targets) {
            TargetInput input;
            if (!target.input_template.empty()) {
                input.filled.emplace().text = target.input_template;
                for (auto const& each : target.variables)
                    input.filled->paths.emplace(each.name, each.path);
            }
            auto const transformer = Transformer::create(input, rule.name);
            ASSERT_TRUE(transformer.has_value()) << rule.name << transformer.error().what;
            auto const body = transformer->render({event, std::string(rule.name)});
            EXPECT_TRUE(read_json(body.value(), 16).has_value()) << *body;
            if (rule.name == "operations-page") {
                EXPECT_EQ(*body, R"({"kind":"order.placed","order":"ord_1","stream":"order-1",)"
                                 R"("at":"2026-11-26T18:00:00Z","id":"evt_1","severity":"page"})");
            }
        }
}

struct Fact {
    std::string source{};
    std::string type{};
    std::string more{}; ///< of its detail
    std::string actor{"customer"};
};

/// The names of the rules that a fact meets.
std::string met(Fact const& fact) {
    std::vector<Rule> rules;
    for (RuleNumber i = 0; i < topology::shop.rules.size(); ++i)
        rules.push_back({i, topology::shop.rules[i].pattern});
    auto const matcher = Matcher::build(rules);
    Matching matching(*matcher);
    auto const metadata =
        fact.actor.empty() ? std::string() : R"("metadata":{"actor_kind":")" + fact.actor + R"("})";
    auto const comma = metadata.empty() || fact.more.empty() ? "" : ",";
    auto const event = fmt::format(R"({{"source":"{}","detail-type":"{}","detail":{{{}{}{}}}}})",
                                   fact.source, fact.type, metadata, comma, fact.more);
    EXPECT_EQ(matching.ask(event), Asked::answered);
    std::string names;
    for (auto const rule : matching.rules())
        names += (names.empty() ? "" : " ") + std::string(topology::shop.rules[rule].name);
    return names;
}

std::string paid(std::string_view amount, std::string_view currency) {
    return fmt::format(R"("data":{{"amount":{{"amount":{},"currency":"{}"}}}})", amount, currency);
}

TEST(Topology, facts_go_where_they_should) {
    EXPECT_EQ(met({"kontor.order", "order.placed"}), "order-notifications");
    EXPECT_EQ(met({"kontor.fulfilment", "fulfilment.delivered"}), "order-notifications");
    EXPECT_EQ(met({"kontor.order", "order.edited"}), "");
    EXPECT_EQ(met({"kontor.order", "order.return_received"}), "stock-facts");
    EXPECT_EQ(met({"kontor.payment", "payment.declined"}), "risk-signals");
    EXPECT_EQ(met({"kontor.payment", "payment.capture_failed"}), "operations-page");
    EXPECT_EQ(met({"kontor.stock", "stock.ran_low"}), "operations-ticket");
    EXPECT_EQ(met({"kontor.ops", "ops.breaker_changed", R"("data":{"to":"open"})"}),
              "operations-ticket");
    EXPECT_EQ(met({"kontor.ops", "ops.breaker_changed", R"("data":{"to":"closed"})"}), "");
}

TEST(Topology, large_payments_in_three_currencies_are_risk_signals) {
    EXPECT_EQ(met({"kontor.payment", "payment.authorised", paid("50000", "EUR")}), "risk-signals");
    EXPECT_EQ(met({"kontor.payment", "payment.authorised", paid("49999", "EUR")}), "");
    EXPECT_EQ(met({"kontor.payment", "payment.authorised", paid("50000", "SEK")}), "");
}

TEST(Topology, what_was_imported_is_nobodys_news) {
    EXPECT_EQ(met({"kontor.order", "order.placed", "", "import"}), "");
    EXPECT_EQ(met({"kontor.order", "order.return_received", "", "import"}), "");
    EXPECT_EQ(met({"kontor.payment", "payment.declined", "", "import"}), "");
    EXPECT_EQ(met({"kontor.payment", "payment.capture_failed", "", "import"}), "");
    EXPECT_EQ(met({"kontor.stock", "stock.ran_low", "", "import"}), "");
}

TEST(Topology, a_warehouse_of_a_partner_says_nothing_of_actors) {
    EXPECT_EQ(met({"partner.warehouse-7", "stock.delivered", "", ""}), "stock-facts");
    EXPECT_EQ(met({"kontor.order", "order.return_received", "", ""}), "");
    EXPECT_EQ(met({"partner.shop", "stock.delivered", "", ""}), "");
}

} // namespace
} // namespace kontor::routing
