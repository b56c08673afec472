#include "platform/routing/definition.hpp"
#include "platform/routing/matching.hpp"

#include <gtest/gtest.h>

#include <chrono>

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

TEST(Matcher, what_the_definition_cannot_read_is_told_and_is_no_mismatch) {
    Rule const rules[] = {{5, R"({"p":{"a":[1],"b":[1]},"p.a.x":[{"exists":false}]})"},
                          {6, R"({"z":[1]})"}};
    auto const matcher = Matcher::build(rules);
    Matching matching(*matcher);
    // The same key twice, beside what the rules look at: nothing but the definition sees it.
    EXPECT_EQ(matching.ask(R"({"p":[{"a":1,"b":1},{"a":1}],"q":{"k":1,"k":2},"z":1})"),
              Asked::answered);
    EXPECT_EQ(Numbers(matching.rules().begin(), matching.rules().end()), Numbers{6});
    EXPECT_EQ(Numbers(matching.over_budget().begin(), matching.over_budget().end()), Numbers{5});
    EXPECT_EQ(matching.ask(R"({"p":[{"a":1,"b":1},{"a":1}]})"), Asked::answered);
    EXPECT_EQ(Numbers(matching.rules().begin(), matching.rules().end()), Numbers{5});
}

/// A thousand rules whose wildcards all have to look through all of a long text.
struct ManyWildcards {
    explicit ManyWildcards(std::string_view alternative) {
        for (RuleNumber i = 0; i < count; ++i) {
            texts.push_back(R"({"a":[)" + std::string(alternative) + "]}");
            auto& text = texts.back();
            for (auto at = text.find('#'); at != std::string::npos; at = text.find('#'))
                text.replace(at, 1, std::to_string(i));
        }
        for (RuleNumber i = 0; i < count; ++i)
            rules.push_back({i, texts[i]});
    }

    static constexpr RuleNumber count = 1'000;
    std::vector<std::string> texts;
    std::vector<Rule> rules;
};

TEST(Matcher, wildcards_that_were_not_looked_at_are_told_and_are_no_mismatch) {
    ManyWildcards const many(R"({"wildcard":"*y#*x*"})");
    auto const event = R"({"a":")" + std::string(100'000, 'x') + R"("})";
    auto const matcher = Matcher::build(many.rules);
    Matching matching(*matcher);
    EXPECT_EQ(matching.ask(event), Asked::answered);
    EXPECT_TRUE(matching.rules().empty());
    auto const looked_at = ManyWildcards::count - matching.over_budget().size();
    EXPECT_GT(looked_at, 100U);
    EXPECT_LE(looked_at * 100'000, wildcard_bytes_of_event_max);
    EXPECT_EQ(matching.ask(R"({"a":"xy7x"})"), Asked::answered);
    EXPECT_EQ(Numbers(matching.rules().begin(), matching.rules().end()), (Numbers{7}));
    EXPECT_TRUE(matching.over_budget().empty());
}

TEST(Matcher, a_wildcard_that_was_not_looked_at_excludes_nothing_and_is_told) {
    ManyWildcards const many(R"({"anything-but":{"wildcard":"*y#*x*"}})");
    auto const event = R"({"a":")" + std::string(100'000, 'x') + R"("})";
    auto const matcher = Matcher::build(many.rules);
    Matching matching(*matcher);
    EXPECT_EQ(matching.ask(event), Asked::answered);
    EXPECT_FALSE(matching.rules().empty());
    EXPECT_FALSE(matching.over_budget().empty());
    EXPECT_EQ(matching.rules().size() + matching.over_budget().size(), ManyWildcards::count);
}

TEST(Matcher, a_rule_that_is_met_without_a_doubt_is_met) {
    ManyWildcards many(R"({"wildcard":"*y#*x*"})");
    for (auto& text : many.texts)
        text = R"({"$or":[)" + text + R"(,{"b":[1]}]})";
    for (RuleNumber i = 0; i < ManyWildcards::count; ++i)
        many.rules[i].pattern = many.texts[i];
    auto const matcher = Matcher::build(many.rules);
    Matching matching(*matcher);
    EXPECT_EQ(matching.ask(R"({"a":")" + std::string(100'000, 'x') + R"(","b":1})"),
              Asked::answered);
    EXPECT_EQ(matching.rules().size(), ManyWildcards::count);
    EXPECT_TRUE(matching.over_budget().empty());
}

TEST(Matcher, a_piece_that_repeats_itself_is_looked_for_in_linear_time) {
    constexpr std::size_t size = 1'000'000;
    auto const wildcard = "*" + std::string(1'000, 'a') + "b*";
    auto const pattern = R"({"a":[{"wildcard":")" + wildcard + R"("}]})";
    Rule const rules[] = {{1, pattern}};
    auto const matcher = Matcher::build(rules);
    Matching matching(*matcher);
    auto const event = R"({"a":")" + std::string(size, 'a') + R"("})";
    auto const begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(matching.ask(event), Asked::answered);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
    EXPECT_TRUE(matching.rules().empty());
}

/// So long it takes, at the best of three.
double seconds_of(Matching& matching, std::string const& event) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
        auto const begin = std::chrono::steady_clock::now();
        EXPECT_EQ(matching.ask(event), Asked::answered);
        best = std::min(
            best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
}

TEST(Matcher, lists_in_lists_take_no_longer_than_one_list) {
    std::vector<std::string> texts;
    for (int i = 0; i < 20; ++i)
        texts.push_back(R"({"p":{"a":[1],"b":[{"exists":false}],"c":[)" + std::to_string(i) +
                        "]}}");
    std::vector<Rule> rules;
    for (RuleNumber i = 0; i < texts.size(); ++i)
        rules.push_back({i, texts[i]});
    auto const matcher = Matcher::build(rules);
    Matching matching(*matcher);
    std::string elements;
    for (int i = 0; i < 3'000; ++i)
        elements += R"({"a":1},{"c":)" + std::to_string(i % 20) + "},";
    elements += "{}";
    auto const nested = [&](std::size_t depth) {
        return R"({"p":)" + std::string(depth, '[') + elements + std::string(depth, ']') + "}";
    };
    auto const flat = seconds_of(matching, nested(1));
    auto const deep = seconds_of(matching, nested(event_depth_max - 2));
    EXPECT_LT(deep, 20 * flat) << flat << " s and " << deep << " s";
}

TEST(Matcher, each_rule_may_have_as_many_conjuncts_as_a_rule_may_have) {
    std::vector<std::string> texts;
    for (int rule = 0; rule < 4; ++rule) {
        std::string text = R"({"p":{"n":[)" + std::to_string(rule) + "]}";
        for (int i = 0; i < 9; ++i)
            text += R"(,"$or":[{"p":{"a)" + std::to_string(i) + R"(":["x"]}},{"p":{"b)" +
                    std::to_string(i) + R"(":["x"]}}])";
        texts.push_back(text + "}");
    }
    std::vector<Rule> rules;
    for (RuleNumber i = 0; i < texts.size(); ++i)
        rules.push_back({i, texts[i]});
    std::string element = R"({"n":3)";
    for (int i = 0; i < 9; ++i)
        element += R"(,"b)" + std::to_string(i) + R"(":"x")";
    EXPECT_EQ(matches(rules, R"({"p":[)" + element + R"(},{"n":0,"a0":"x"}]})"), Numbers{3});
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
