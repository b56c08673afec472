#include "platform/routing/definition.hpp"
#include "platform/routing/folding.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

PatternError refusal(std::string_view text) {
    auto const pattern = compile(text);
    EXPECT_FALSE(pattern.has_value()) << text;
    return pattern ? PatternError{} : pattern.error();
}

Verdict verdict(std::string_view pattern, std::string_view event) {
    auto const compiled = compile(pattern);
    auto const read = FlatEvent::read(event);
    EXPECT_TRUE(compiled.has_value()) << pattern;
    EXPECT_TRUE(read.has_value()) << event;
    return match_by_definition(*compiled, *read);
}

TEST(Pattern, each_fault_has_its_kind_and_its_place) {
    struct Case {
        std::string_view text;
        PatternFault fault;
        std::string_view pointer;
        std::size_t offset;
    };
    Case const cases[] = {
        {R"({"a":["x"]} x)", PatternFault::not_json, "", 12},
        {R"(["x"])", PatternFault::not_an_object, "", 0},
        {R"({"a":{"b":{}}})", PatternFault::empty_object, "/a/b", 10},
        {R"({"a":{"b":[]}})", PatternFault::empty_list, "/a/b", 10},
        {R"({"a":"x"})", PatternFault::not_a_list, "/a", 5},
        {R"({"a":[1,["x"]]})", PatternFault::list_in_list, "/a/1", 8},
        {R"({"a":[{"prefix":"x","suffix":"y"}]})", PatternFault::operator_keys, "/a/0", 6},
        {R"({"a/b":[{"prefx":"x"}]})", PatternFault::unknown_operator, "/a~1b/0", 8},
        {R"({"a":["x",{"exists":"no"}]})", PatternFault::wrong_operand, "/a/1/exists", 20},
        {R"({"a":[{"wildcard":"a**b"}]})", PatternFault::wrong_wildcard, "/a/0/wildcard", 18},
        {R"({"a":[{"numeric":["=",0.1000000000000000055]}]})", PatternFault::wrong_number,
         "/a/0/numeric", 22},
        {R"({"a":[{"numeric":[">",5,"<",5]}]})", PatternFault::wrong_range, "/a/0/numeric", 17},
        {R"({"a":[{"cidr":"10.0.0.0/32"}]})", PatternFault::wrong_network, "/a/0/cidr", 14},
        {R"({"$or":[{"a":["x"]},{"b":[]}]})", PatternFault::empty_list, "/$or/1/b", 25},
    };
    for (auto const& each : cases) {
        auto const error = refusal(each.text);
        EXPECT_EQ(name(error.fault), name(each.fault)) << each.text;
        EXPECT_EQ(error.pointer, each.pointer) << each.text;
        EXPECT_EQ(error.offset, each.offset) << each.text;
        EXPECT_FALSE(error.what.empty() || remedy(error.fault).empty()) << each.text;
    }
}

TEST(Pattern, a_pattern_has_at_most_so_many_characters) {
    std::string const filling(pattern_characters_max - 8, 'x');
    EXPECT_TRUE(compile(R"({"a":[")" + filling.substr(2) + R"("]})").has_value());
    auto const longer = R"({"a":[")" + filling + R"("]})";
    EXPECT_EQ(name(refusal(longer).fault), "too_long");
    EXPECT_TRUE(compile(longer, pattern_characters_ceiling).has_value());
}

TEST(Pattern, a_pattern_is_at_most_so_deep) {
    std::string deep;
    for (std::size_t i = 0; i < pattern_depth_max; ++i)
        deep += R"({"a":)";
    auto const fits =
        deep + R"([{"anything-but":{"prefix":["x"]}}])" + std::string(pattern_depth_max, '}');
    EXPECT_TRUE(compile(fits).has_value());
    EXPECT_EQ(name(refusal(R"({"a":)" + fits + "}").fault), "too_deep");
}

TEST(Pattern, a_dotted_key_is_as_deep_as_its_parts) {
    auto const dotted = [](std::size_t keys) {
        std::string path = "a";
        for (std::size_t i = 1; i < keys; ++i)
            path += ".a";
        return R"({")" + path + R"(":["x"]})";
    };
    EXPECT_TRUE(compile(dotted(pattern_depth_max)).has_value());
    auto const deeper = refusal(dotted(pattern_depth_max + 1));
    EXPECT_EQ(name(deeper.fault), "too_deep");
    EXPECT_EQ(deeper.offset, dotted(pattern_depth_max + 1).find('['));
}

TEST(Pattern, a_choice_multiplies_to_at_most_so_many_conjuncts) {
    auto const choices = [](int count) {
        std::string text = "{";
        for (int i = 0; i < count; ++i)
            text += (i > 0 ? std::string(",") : std::string()) + R"("$or":[{"a)" +
                    std::to_string(i) + R"(":["x"]},{"b)" + std::to_string(i) + R"(":["x"]}])";
        return text + "}";
    };
    auto const fits = compile(choices(9));
    ASSERT_TRUE(fits.has_value());
    EXPECT_EQ(fits->conjuncts.size(), 512U);
    EXPECT_EQ(name(refusal(choices(10)).fault), "too_many_conjuncts");
}

TEST(Pattern, a_conjunct_has_at_most_so_many_fields) {
    auto const fields = [](std::size_t count) {
        std::string text = "{";
        for (std::size_t i = 0; i < count; ++i)
            text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":[1]";
        return text + "}";
    };
    EXPECT_TRUE(compile(fields(fields_of_conjunct_max), 4096).has_value());
    auto const more = compile(fields(fields_of_conjunct_max + 1), 4096);
    ASSERT_FALSE(more.has_value());
    EXPECT_EQ(name(more.error().fault), "too_many_fields");
}

TEST(Pattern, a_field_of_a_later_branch_overrides_an_earlier_one) {
    constexpr std::string_view later = R"({"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]})";
    EXPECT_EQ(verdict(later, R"({"a":"y"})"), Verdict::match);
    EXPECT_EQ(verdict(later, R"({"a":"x"})"), Verdict::no_match);
    EXPECT_EQ(verdict(later, R"({"a":"x","b":"z"})"), Verdict::match);
    constexpr std::string_view earlier = R"({"$or":[{"a":["y"]},{"b":["z"]}],"a":["x"]})";
    EXPECT_EQ(verdict(earlier, R"({"a":"y"})"), Verdict::no_match);
    EXPECT_EQ(verdict(earlier, R"({"a":"x"})"), Verdict::match);
}

TEST(Pattern, fields_come_in_the_sequence_of_utf_16) {
    auto const pattern = compile(R"({"b":[1],"￿":[1],"😀":[1],"a":{"b":[1]},"a-":[1]})");
    ASSERT_TRUE(pattern.has_value());
    std::string paths;
    for (auto const field : pattern->conjuncts.front())
        paths += pattern->fields[field].path + " ";
    EXPECT_EQ(paths, "a- a.b b 😀 ￿ ");
}

TEST(Definition, one_element_must_meet_all_that_is_asked_of_elements) {
    constexpr std::string_view people =
        R"({"p":[{"f":"Anna","l":"Smith"},{"f":"John","l":"Doe"}]})";
    EXPECT_EQ(verdict(R"({"p":{"f":["Anna"],"l":["Smith"]}})", people), Verdict::match);
    EXPECT_EQ(verdict(R"({"p":{"f":["Anna"],"l":["Doe"]}})", people), Verdict::no_match);
}

TEST(Definition, absence_is_judged_in_the_element_that_an_earlier_path_chose) {
    EXPECT_EQ(verdict(R"({"p":{"f":["Anna"],"l":[{"exists":false}]}})",
                      R"({"p":[{"f":"Anna"},{"f":"John","l":"Doe"}]})"),
              Verdict::match);
    EXPECT_EQ(verdict(R"({"p":{"f":["Anna"],"a":[{"exists":false}]}})",
                      R"({"p":[{"f":"Anna"},{"f":"John","a":"Doe"}]})"),
              Verdict::no_match);
}

TEST(Definition, what_needs_too_many_steps_is_not_known) {
    auto const pattern = compile(R"({"p":{"a":[1],"b":[1],"c":[2]}})");
    std::string event = R"({"p":[[)";
    for (int i = 0; i < 100; ++i)
        event += R"({"a":1},{"b":1},)";
    auto const read = FlatEvent::read(event + R"({}],{"a":1,"b":1,"c":3}]})");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(match_by_definition(*pattern, *read), Verdict::no_match);
    EXPECT_EQ(match_by_definition(*pattern, *read, 100), Verdict::over_budget);
}

TEST(Definition, what_is_looked_through_counts_and_not_only_how_often) {
    auto const pattern = compile(R"({"a":[{"wildcard":"*x*y*x*y*z"}]})");
    auto const text = [](std::size_t size) {
        return FlatEvent::read(R"({"a":")" + std::string(size, 'x') + R"("})");
    };
    EXPECT_EQ(match_by_definition(*pattern, *text(1'000)), Verdict::no_match);
    EXPECT_EQ(match_by_definition(*pattern, *text(2'000'000)), Verdict::over_budget);
}

TEST(Definition, the_lists_around_a_leaf_count) {
    constexpr std::size_t depth = 200;
    auto const pattern = compile(R"({"a":[1]})");
    auto const read =
        FlatEvent::read(R"({"a":)" + std::string(depth, '[') + "1" + std::string(depth, ']') + "}");
    ASSERT_TRUE(read.has_value());
    Steps steps(definition_steps_max);
    EXPECT_EQ(match_by_definition(*pattern, *read, steps), Verdict::match);
    EXPECT_GE(steps.used(), depth);
}

TEST(Definition, a_dotted_key_of_an_event_is_as_deep_as_its_parts) {
    auto const dotted = [](std::size_t keys) {
        std::string path = "a";
        for (std::size_t i = 1; i < keys; ++i)
            path += ".a";
        return FlatEvent::read(R"({")" + path + R"(":1})");
    };
    EXPECT_TRUE(dotted(event_depth_max).has_value());
    auto const deeper = dotted(event_depth_max + 1);
    ASSERT_FALSE(deeper.has_value());
    EXPECT_TRUE(deeper.error().is_too_deep);
}

TEST(Definition, a_leaf_is_found_by_its_place) {
    auto const read = FlatEvent::read(R"({"a/b":[{"c.d":[[1,2]]},{"c":{"d":3}}]})");
    ASSERT_TRUE(read.has_value());
    std::string pointers;
    for (auto const& leaf : read->at("a/b.c.d"))
        pointers += read->pointer(leaf) + " ";
    EXPECT_EQ(pointers, "/a~1b/0/c.d/0/0 /a~1b/0/c.d/0/1 /a~1b/1/c/d ");
    EXPECT_TRUE(read->at("a/b.c").empty());
}

TEST(Definition, an_event_is_an_object_that_has_no_key_twice) {
    EXPECT_FALSE(FlatEvent::read(R"(["x"])").has_value());
    auto const twice = FlatEvent::read(R"({"b":[{"c":1,"\u0063":2}]})");
    ASSERT_FALSE(twice.has_value());
    EXPECT_EQ(twice.error().offset, 22U);
}

TEST(Folding, no_letter_grows_by_folding) {
    EXPECT_EQ(fold_case("STRASSE ẞ K Σς ǅ"), "strasse ß k σσ ǆ");
    EXPECT_EQ(fold_case("𐐀 İı"), "𐐨 İı");
}

} // namespace
} // namespace kontor::routing
