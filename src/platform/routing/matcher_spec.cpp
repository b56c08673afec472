#include "platform/routing/definition.hpp"
#include "platform/routing/matching.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

std::vector<RuleNumber> matches(std::vector<Rule> const& rules, std::string_view event) {
    auto const matcher = Matcher::build(rules);
    EXPECT_TRUE(matcher.has_value());
    Matching matching(*matcher);
    EXPECT_EQ(matching.ask(event), Asked::answered);
    return {matching.rules().begin(), matching.rules().end()};
}

using Numbers = std::vector<RuleNumber>;

TEST(Matcher, rules_that_match_come_in_ascending_sequence) {
    std::vector<Rule> const rules = {{30, R"({"a":["x"]})"},
                                     {10, R"({"a":[{"prefix":"x"}],"b":[{"exists":false}]})"},
                                     {20, R"({"a":["y"]})"}};
    EXPECT_EQ(matches(rules, R"({"c":{"a":"y"},"a":"x"})"), (Numbers{10, 30}));
    EXPECT_EQ(matches(rules, R"({"a":"x","b":null})"), (Numbers{30}));
}

TEST(Matcher, a_rule_that_does_not_compile_is_named) {
    Rule const rules[] = {{1, R"({"a":["x"]})"}, {7, R"({"a":"x"})"}};
    auto const refused = Matcher::build(rules);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().number, 7U);
    EXPECT_EQ(refused.error().error.fault, PatternFault::not_a_list);
}

TEST(Matcher, what_is_cut_off_is_unreadable) {
    Rule const rules[] = {{1, R"({"a":{"b":["x"]}})"}};
    auto const matcher = Matcher::build(rules);
    std::string_view const event = R"({"z":[1,{"q":"\"}"}],"a":{"b":"x"},"n":12})";
    Matching matching(*matcher);
    EXPECT_EQ(matching.ask(event), Asked::answered);
    EXPECT_EQ(matching.rules().size(), 1U);
    for (std::size_t length = 0; length < event.size(); ++length) {
        std::string const cut(event.substr(0, length)); // its own bytes, so that reading on is seen
        EXPECT_EQ(matching.ask(cut), Asked::unreadable) << cut;
    }
    EXPECT_EQ(matching.ask(R"(["x"])"), Asked::unreadable);
}

TEST(Matcher, an_event_that_is_nested_too_deeply_is_unreadable) {
    Rule const rules[] = {{1, R"({"a":["x"]})"}};
    auto const matcher = Matcher::build(rules);
    Matching matching(*matcher);
    auto const nested = [](std::size_t depth) {
        return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    EXPECT_EQ(matching.ask(nested(event_depth_max - 1)), Asked::answered);
    EXPECT_EQ(matching.ask(nested(100'000)), Asked::unreadable);
}

TEST(Matcher, a_budget_that_is_spent_is_told_and_is_no_mismatch) {
    Rule const rules[] = {
        {5, R"({"p":{"a":[1],"b":[1],"c":[1],"d":[1]},"p.a.x":[{"exists":false}]})"}};
    std::string event = R"({"p":[)";
    for (int i = 0; i < 200; ++i)
        event += R"([{"a":1},{"b":1}],)";
    for (int i = 0; i < 400; ++i)
        event += R"({"a":1,"b":1,"c":1},)";
    event += R"({"d":1}]})";
    auto const matcher = Matcher::build(rules);
    Matching matching(*matcher);
    EXPECT_EQ(matching.ask(event), Asked::answered);
    EXPECT_TRUE(matching.rules().empty());
    ASSERT_EQ(matching.over_budget().size(), 1U);
    EXPECT_EQ(matching.over_budget().front(), 5U);
}

TEST(Scan, skipping_ends_where_the_brackets_close_at_every_level) {
    std::string const inner = R"([1,{"a":"]}\\\"{["},[[],{}],"é"])";
    for (auto const level : {CpuLevel::baseline, best_cpu_level()})
        for (std::size_t filling = 0; filling < 200; ++filling) {
            auto const text = "[\"" + std::string(filling, 'x') + "\"," + inner + "]";
            auto const followed = text + R"(,"b":[)" + std::string(filling, ' ');
            auto const* const end =
                skip_container(level)(followed.data(), followed.data() + followed.size());
            ASSERT_EQ(end, followed.data() + text.size()) << followed;
            ASSERT_EQ(skip_container(level)(text.data(), text.data() + text.size() - 1), nullptr);
        }
}

} // namespace
} // namespace kontor::routing
