#include "platform/routing/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::routing {
namespace {

/// "fault path, fault path"
std::string findings(std::string_view text) {
    auto const pattern = compile(text);
    EXPECT_TRUE(pattern.has_value()) << text;
    std::string names;
    for (auto const& each : lint(*pattern)) {
        EXPECT_FALSE(each.what.empty());
        names += (names.empty() ? "" : ", ") + std::string(name(each.fault)) + " " +
                 pattern->fields[each.field].path;
    }
    return names;
}

TEST(Lint, a_plain_pattern_is_clean) {
    EXPECT_EQ(findings(R"({"a":["x",{"prefix":"y"}],"b":{"a":["x"],"c":[1,{"exists":false}]}})"),
              "");
    EXPECT_EQ(findings(R"({"$or":[{"a":["x"]},{"b":["x"]}]})"), "");
}

TEST(Lint, each_doubt_has_its_name) {
    EXPECT_EQ(findings(R"({"a":[{"exactly":"x"}]})"), "engine_only a");
    EXPECT_EQ(findings(R"({"a":["x"],"b":["y"],"a":["z"]})"), "overridden a");
    EXPECT_EQ(findings(R"({"a":[0.1000000000000000055]})"), "spelling_only a");
    EXPECT_EQ(findings(R"({"a":[{"exists":true},"x"]})"), "always_true a");
    EXPECT_EQ(findings(R"({"a":[5,"x",5.0]})"), "repeated a");
    EXPECT_EQ(findings(R"({"a":["x"],"a.b":["y"]})"), "path_in_path a.b");
    EXPECT_EQ(findings(R"({"a":{"$or":["x","y"]}})"), "or_is_a_field a.$or");
}

TEST(Lint, absence_is_doubted_where_nothing_chooses_before_it) {
    EXPECT_EQ(findings(R"({"p":{"f":["Anna"],"a":[{"exists":false}]}})"), "absence_over_all p.a");
    EXPECT_EQ(findings(R"({"p":{"f":["Anna"],"l":[{"exists":false}]}})"), "");
    EXPECT_EQ(findings(R"({"p":{"c":[1,{"exists":false}],"d":["x"]}})"), "absence_over_all p.c");
    EXPECT_EQ(findings(R"({"f":["Anna"],"a":[{"exists":false}]})"), "");
}

/// Many conjuncts that share many fields: all pairs of all of them would take minutes.
TEST(Lint, a_pattern_that_is_too_large_is_looked_at_in_part_and_says_so) {
    std::string text = "{";
    for (int i = 0; i < 9; ++i)
        text += R"("$or":[{"p":{"a)" + std::to_string(i) + R"(":[{"exists":false}]}},{"p":{"b)" +
                std::to_string(i) + R"(":[1]}}],)";
    text += R"("p":{)";
    for (int i = 0; i < 200; ++i)
        text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + R"(":[1])";
    auto const pattern = compile(text + "}}", pattern_characters_ceiling);
    ASSERT_TRUE(pattern.has_value());
    auto const found = lint(*pattern);
    EXPECT_EQ(std::count_if(found.begin(), found.end(),
                            [](auto const& each) { return each.fault == LintFault::not_finished; }),
              1);
    EXPECT_EQ(findings(R"({"a":["x"],"b":["y"]})"), "");
}

} // namespace
} // namespace kontor::routing
