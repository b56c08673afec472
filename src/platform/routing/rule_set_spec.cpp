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
    rules.merge();
    EXPECT_EQ(met(rules, R"({"a":"x"})"), Numbers{3});
    EXPECT_TRUE(rules.remove(3).value());
    EXPECT_TRUE(met(rules, R"({"a":"x"})").empty());
    EXPECT_FALSE(rules.remove(3).value());
    rules.merge();
    EXPECT_TRUE(met(rules, R"({"a":"x"})").empty());
}

TEST(RuleSet, a_loaded_set_is_like_one_that_grew) {
    Rule const some[] = {{5, wants_x}, {2, wants_y}};
    auto rules = RuleSet::load(some);
    ASSERT_TRUE(rules.has_value());
    EXPECT_EQ(rules->size(), 2U);
    EXPECT_EQ(met(*rules, R"({"a":"x"})"), Numbers{5});
    ASSERT_TRUE(rules->put(5, wants_y).has_value());
    EXPECT_EQ(met(*rules, R"({"a":"y"})"), (Numbers{2, 5}));
    Rule const wrong[] = {{5, wants_x}, {2, "{}"}};
    EXPECT_EQ(RuleSet::load(wrong).error().number, 2U);
}

TEST(RuleSet, a_changed_rule_is_no_longer_what_it_was) {
    RuleSet rules;
    for (RuleNumber number = 1; number <= 3; ++number)
        ASSERT_TRUE(rules.put(number, wants_x).has_value());
    rules.merge();
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

TEST(RuleSet, what_changes_during_a_merge_is_kept) {
    RuleSet rules;
    for (RuleNumber number = 1; number <= 4; ++number)
        ASSERT_TRUE(rules.put(number, wants_x).has_value());
    auto const begun = rules.begin_merge();
    ASSERT_TRUE(rules.put(2, wants_y).has_value());
    ASSERT_TRUE(rules.remove(3).value());
    ASSERT_TRUE(rules.put(9, wants_x).has_value());
    rules.finish_merge(begun, begun.compile());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), (Numbers{1, 4, 9}));
    EXPECT_EQ(met(rules, R"({"a":"y"})"), Numbers{2});
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

TEST(RuleSet, a_full_delta_wants_a_merge) {
    RuleSet rules;
    for (RuleNumber number = 0; number < delta_rules_max; ++number)
        ASSERT_TRUE(rules.put(number, wants_y).has_value());
    EXPECT_TRUE(rules.wants_merge());
    EXPECT_EQ(rules.put(delta_rules_max, wants_x).error().fault, PutFault::delta_is_full);
    EXPECT_TRUE(rules.put(7, wants_x).has_value());
    rules.merge();
    EXPECT_FALSE(rules.wants_merge());
    EXPECT_TRUE(rules.put(delta_rules_max, wants_x).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), (Numbers{7, delta_rules_max}));
}

TEST(RuleSet, who_may_wait_never_meets_a_full_delta) {
    RuleSet rules;
    for (RuleNumber number = 0; number < delta_rules_max; ++number)
        ASSERT_TRUE(rules.put(number, wants_y).has_value());
    EXPECT_TRUE(rules.put_merging(delta_rules_max, wants_x).has_value());
    EXPECT_EQ(met(rules, R"({"a":"x"})"), Numbers{delta_rules_max});
    EXPECT_EQ(rules.put_merging(3, "{").error().fault, PutFault::pattern);
    for (RuleNumber number = 0; number < delta_rules_max; ++number)
        EXPECT_TRUE(rules.remove_merging(number));
    EXPECT_FALSE(rules.remove_merging(0));
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

TEST(RuleSet, a_delta_of_few_large_rules_is_full) {
    RuleSet rules;
    RuleNumber number = 0;
    auto put = rules.put(number, large_pattern(number));
    while (put.has_value() && number < delta_rules_max) {
        ++number;
        put = rules.put(number, large_pattern(number));
    }
    ASSERT_FALSE(put.has_value());
    EXPECT_EQ(put.error().fault, PutFault::delta_is_full);
    EXPECT_LT(number, 100U);
    EXPECT_TRUE(rules.wants_merge());
    EXPECT_LE(rules.snapshot().delta->needs(), delta_needs_max);
    rules.merge();
    EXPECT_TRUE(rules.put(number, large_pattern(number)).has_value());
}

} // namespace
} // namespace kontor::routing
