#include "platform/routing/explain.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

Explanation explained(std::string_view pattern, std::string_view event) {
    auto const compiled = compile(pattern);
    auto const read = FlatEvent::read(event);
    EXPECT_TRUE(compiled.has_value() && read.has_value()) << pattern << event;
    return explain(*compiled, *read);
}

/// The finding about the only field of the only conjunct.
FieldFinding only_field(std::string_view pattern, std::string_view event) {
    auto const explanation = explained(pattern, event);
    EXPECT_EQ(explanation.conjuncts.size(), 1U);
    EXPECT_EQ(explanation.conjuncts.front().fields.size(), 1U);
    return explanation.conjuncts.front().fields.front();
}

TEST(Explain, a_field_that_matches_names_its_leaf) {
    auto const field = only_field(R"({"a":{"b":["x"]}})", R"({"a":[{"b":"y"},{"b":"x"}]})");
    EXPECT_EQ(field.state, FieldState::matched);
    ASSERT_EQ(field.leaves.size(), 1U);
    EXPECT_EQ(field.leaves.front().pointer, "/a/1/b");
}

TEST(Explain, absence_and_presence_are_told_apart) {
    EXPECT_EQ(only_field(R"({"a":["x"]})", R"({"b":"x","a":[]})").state, FieldState::absent);
    auto const present = only_field(R"({"a":[{"exists":false}]})", R"({"a":null})");
    EXPECT_EQ(present.state, FieldState::present);
    EXPECT_EQ(present.leaves.front().spelling, "null");
}

TEST(Explain, the_nearest_leaves_come_first) {
    auto const field =
        only_field(R"({"a":["Open",{"numeric":[">",5]}]})", R"({"a":[true,"shut",3,"OPEN"]})");
    EXPECT_EQ(field.state, FieldState::differs);
    ASSERT_EQ(field.leaves.size(), near_leaves_max);
    EXPECT_EQ(field.leaves[0].spelling, "\"OPEN\"");
    EXPECT_EQ(field.leaves[0].difference, Difference::letter_case);
    EXPECT_EQ(field.leaves[1].difference, Difference::range);
    EXPECT_EQ(field.leaves[2].difference, Difference::value);
}

TEST(Explain, fields_in_different_elements_are_named_and_no_others) {
    auto const explanation =
        explained(R"({"p":{"f":["Anna"],"l":["Doe"]},"q":["x"]})",
                  R"({"q":"x","p":[{"f":"Anna","l":"Smith"},{"f":"John","l":"Doe"}]})");
    EXPECT_EQ(explanation.verdict, Verdict::no_match);
    auto const& fields = explanation.conjuncts.front().fields;
    ASSERT_EQ(fields.size(), 3U);
    EXPECT_EQ(fields[0].state, FieldState::other_element);
    EXPECT_EQ(fields[0].leaves.front().pointer, "/p/0/f");
    EXPECT_EQ(fields[1].state, FieldState::other_element);
    EXPECT_EQ(fields[1].leaves.front().pointer, "/p/1/l");
    EXPECT_EQ(fields[2].state, FieldState::matched);
}

TEST(Explain, a_long_leaf_is_shown_in_part) {
    auto const text = std::string(spelling_size_max - 1, 'x') + "é" + std::string(5'000, 'x');
    auto const field = only_field(R"({"a":["y"]})", R"({"a":")" + text + R"("})");
    EXPECT_EQ(field.leaves.front().spelling,
              "\"" + std::string(spelling_size_max - 1, 'x') + "…\"");
}

TEST(Explain, what_takes_too_long_is_cut_and_says_so) {
    std::string event = R"({"p":[)";
    for (int i = 0; i < 300; ++i)
        event += R"({"a":1},{"b":1},{"c":1},)";
    auto const pattern = compile(R"({"p":{"a":[1],"b":[1],"c":[1]}})");
    auto const read = FlatEvent::read(event + R"({"d":1}]})");
    EXPECT_FALSE(explain(*pattern, *read).is_cut);
    auto const cut = explain(*pattern, *read, 1'000);
    EXPECT_TRUE(cut.is_cut);
    EXPECT_LE(cut.steps, 1'000U);
}

TEST(Explain, many_conjuncts_are_explained_in_part) {
    std::string text = "{";
    for (int i = 0; i < 8; ++i)
        text += (i > 0 ? std::string(",") : std::string()) + R"("$or":[{"a)" + std::to_string(i) +
                R"(":["x"]},{"b)" + std::to_string(i) + R"(":["x"]}])";
    auto const explanation = explained(text + "}", R"({"a0":"x"})");
    EXPECT_EQ(explanation.conjuncts.size(), explained_conjuncts_max);
    EXPECT_TRUE(explanation.is_cut);
}

TEST(Explain, near_misses_say_how_far_they_looked) {
    std::vector<Pattern> const patterns(1'000, *compile(R"({"a":["w"],"b":["w"]})"));
    auto const event = FlatEvent::read(R"({"a":"x","b":"z"})");
    auto const all = near_misses(patterns, *event);
    EXPECT_EQ(all.looked_at, patterns.size());
    auto const some = near_misses(patterns, *event, 2'000);
    EXPECT_GT(some.looked_at, 0U);
    EXPECT_LT(some.looked_at, patterns.size());
}

TEST(Explain, a_near_miss_fails_in_one_field) {
    Pattern const patterns[] = {*compile(R"({"a":["x"],"b":["y"]})"),
                                *compile(R"({"a":["x"],"b":["z"]})"),
                                *compile(R"({"a":["w"],"b":["w"]})"),
                                *compile(R"({"$or":[{"a":["w"],"b":["w"]},{"b":["y"]}]})")};
    auto const event = FlatEvent::read(R"({"a":"x","b":"z"})");
    auto const found = near_misses(patterns, *event);
    auto const& misses = found.misses;
    EXPECT_EQ(found.looked_at, std::size(patterns));
    ASSERT_EQ(misses.size(), 2U);
    EXPECT_EQ(misses[0].pattern, 0U);
    EXPECT_EQ(misses[0].field.state, FieldState::differs);
    EXPECT_EQ(misses[1].pattern, 3U);
}

} // namespace
} // namespace kontor::routing
