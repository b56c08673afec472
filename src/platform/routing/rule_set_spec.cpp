#include "platform/routing/rule_set.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

using Numbers = std::vector<RuleNumber>;

constexpr std::string_view wants_x = R"({"a":["x"]})";
constexpr std::string_view wants_y = R"({"a":["y"]})";

Numbers met(RuleSet const& rules, std::string_view event) {
    RuleMatching matching;
    EXPECT_EQ(matching.ask(rules.snapshot(), event), Asked::answered);
    return {matching.rules().begin(), matching.rules().end()};
}

TEST(RuleSet, a_rule_is_live_at_once_and_gone_at_once) {
    RuleSet rules;
    EXPECT_TRUE(met(rules, R"({"a":"x"})").empty());
    ASSERT_TRUE(rules.put(3, wants_x).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), Numbers{3});
    EXPECT_EQ(met(rules, R"({"a":"x"})"), Numbers{3});
    EXPECT_TRUE(rules.remove(3));
    EXPECT_TRUE(met(rules, R"({"a":"x"})").empty());
    EXPECT_FALSE(rules.remove(3));
    EXPECT_TRUE(met(rules, R"({"a":"x"})").empty());
}

TEST(RuleSet, a_changed_rule_is_no_longer_what_it_was) {
    RuleSet rules;
    for (RuleNumber number = 1; number <= 3; ++number)
        ASSERT_TRUE(rules.put(number, wants_x).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), (Numbers{1, 2, 3}));
    ASSERT_TRUE(rules.put(2, wants_y).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), (Numbers{1, 3}));
    EXPECT_EQ(met(rules, R"({"a":["x","y"]})"), (Numbers{1, 2, 3}));
}

TEST(RuleSet, a_snapshot_shows_the_rules_as_they_were) {
    RuleSet rules;
    ASSERT_TRUE(rules.put(1, wants_x).has_value());
    auto const before = rules.snapshot();
    ASSERT_TRUE(rules.put(2, wants_x).has_value());
    RuleMatching matching;
    matching.ask(before, R"({"a":"x"})");
    EXPECT_EQ(matching.rules().size(), 1U);
    matching.ask(rules.snapshot(), R"({"a":"x"})");
    EXPECT_EQ(matching.rules().size(), 2U);
}

TEST(RuleSet, what_is_refused_changes_nothing) {
    RuleSet rules;
    ASSERT_TRUE(rules.put(1, wants_x).has_value());
    auto const refused = rules.put(1, R"({"a":"x"})");
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().fault, PutFault::pattern);
    EXPECT_EQ(refused.error().error.pointer, "/a");
    EXPECT_EQ(met(rules, R"({"a":"x"})"), Numbers{1});
}

TEST(RuleSet, a_large_delta_goes_into_the_large_matcher) {
    RuleSet rules;
    ASSERT_TRUE(rules.put(0, wants_x).has_value());
    auto const large = rules.snapshot().large;
    for (RuleNumber number = 1; number <= delta_rules_max; ++number)
        ASSERT_TRUE(rules.put(number, wants_y).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), Numbers{0});
    EXPECT_EQ(rules.snapshot().large, large);
    ASSERT_TRUE(rules.put(7, wants_x).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), (Numbers{0, 7}));
    EXPECT_EQ(rules.snapshot().large, large);
    ASSERT_TRUE(rules.put(delta_rules_max + 1, wants_x).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), (Numbers{0, 7, delta_rules_max + 1}));
    EXPECT_NE(rules.snapshot().large, large);
    EXPECT_TRUE(rules.snapshot().hidden->empty());
    EXPECT_TRUE(rules.remove(7));
    EXPECT_EQ(met(rules, R"({"a":"x"})"), (Numbers{0, delta_rules_max + 1}));
}

TEST(RuleSet, many_changes_are_compiled_once) {
    RuleSet rules;
    for (RuleNumber number = 0; number < 3 * delta_rules_max; ++number)
        ASSERT_TRUE(rules.put(number, number % 2 == 0 ? wants_x : wants_y).has_value());
    for (RuleNumber number = 0; number < 3 * delta_rules_max; ++number)
        EXPECT_TRUE(number == 5 || rules.remove(number));
    EXPECT_EQ(met(rules, R"({"a":["x","y"]})"), Numbers{5});
    EXPECT_EQ(rules.size(), 1U);
}

/// Of few characters and many conjuncts.
std::string large_pattern(RuleNumber number) {
    std::string text = R"({"n":[)" + std::to_string(number) + "]";
    for (int i = 0; i < 9; ++i)
        text += R"(,"$or":[{"a)" + std::to_string(i) + R"(":["x"]},{"b)" + std::to_string(i) +
                R"(":["x"]}])";
    for (int i = 0; i < 200; ++i)
        text += ",\"" + std::to_string(i) + "\":[1]";
    return text + "}";
}

TEST(RuleSet, a_delta_of_few_large_rules_is_large) {
    RuleSet rules;
    auto const large = rules.snapshot().large;
    RuleNumber number = 0;
    for (auto now = rules.snapshot(); now.large == large && number < delta_rules_max; ++number) {
        EXPECT_LE(now.delta->needs(), delta_needs_max);
        ASSERT_TRUE(rules.put(number, large_pattern(number)).has_value());
        now = rules.snapshot();
    }
    EXPECT_LT(number, 100U);
    EXPECT_EQ(rules.snapshot().delta->needs(), 0U);
}

} // namespace
} // namespace kontor::routing
