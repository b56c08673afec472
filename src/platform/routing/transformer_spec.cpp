#include "platform/routing/transformer.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

constexpr std::string_view placed =
    R"({"id":"7","detail-type":"order.placed","source":"kontor.order","resources":["o-1"],)"
    R"("detail":{"total":1.50,"note":"say \"hi\"","lines":[{"sku":"A","n":2},{"sku":"B"}],)"
    R"("to":null}})";

using Paths = std::map<std::string, std::string>;

std::string delivered(TargetInput const& input) {
    auto const event = *read_json(placed, 16);
    auto const transformer = Transformer::create(input, "t-1");
    EXPECT_TRUE(transformer.has_value()) << transformer.error().what;
    return transformer->render({event, "big-orders", "arn:rule", "2026-11-26T18:00:00Z"}).value();
}

std::string filled(Paths paths, std::string text) {
    TargetInput input;
    input.filled = {std::move(paths), std::move(text)};
    return delivered(input);
}

InputFault refused(TargetInput const& input) {
    auto const transformer = Transformer::create(input, "t-1");
    EXPECT_FALSE(transformer.has_value());
    return transformer ? InputFault{} : transformer.error().fault;
}

InputFault refused_template(Paths paths, std::string text) {
    TargetInput input;
    input.filled = {std::move(paths), std::move(text)};
    return refused(input);
}

TEST(Transformer, without_a_wish_the_whole_event_is_delivered) {
    EXPECT_EQ(delivered({}), placed);
}

TEST(Transformer, a_constant_is_delivered_as_it_stands) {
    TargetInput input;
    input.constant = R"({ "a" : 1 })";
    EXPECT_EQ(delivered(input), R"({ "a" : 1 })");
}

TEST(Transformer, a_path_takes_a_part) {
    auto const part = [](std::string path) {
        TargetInput input;
        input.path = std::move(path);
        return delivered(input);
    };
    EXPECT_EQ(part("$.detail.total"), "1.50");
    EXPECT_EQ(part("$.detail.lines[1].sku"), R"("B")");
    EXPECT_EQ(part("$.detail.lines[*].sku"), R"(["A","B"])");
    EXPECT_EQ(part("$.detail.lines.*.n"), "[2]");
    EXPECT_EQ(part("$.resources[0]"), R"("o-1")");
    EXPECT_EQ(part("$.nowhere"), "null");
}

TEST(Transformer, bare_a_value_stays_what_it_is_and_in_a_string_it_becomes_text) {
    EXPECT_EQ(filled({{"total", "$.detail.total"}, {"note", "$.detail.note"}},
                     R"({"total": <total>, "note": <note>, "say": "<note> for <total>!"})"),
              R"({"total":1.50,"note":"say \"hi\"","say":"say \"hi\" for 1.50!"})");
    EXPECT_EQ(filled({{"lines", "$.detail.lines"}}, R"("<lines>")"),
              R"("[{\"sku\":\"A\",\"n\":2},{\"sku\":\"B\"}]")");
}

TEST(Transformer, a_path_that_leads_nowhere_takes_its_member_with_it) {
    Paths const paths = {{"gone", "$.detail.gone"}, {"to", "$.detail.to"}};
    EXPECT_EQ(filled(paths, R"({"a":<gone>,"b":[1,<gone>,<to>],"c":"<gone>."})"),
              R"({"b":[1,null],"c":"."})");
    EXPECT_EQ(filled(paths, "<gone>"), "null");
}

TEST(Transformer, lines_of_strings_are_delivered_as_lines) {
    EXPECT_EQ(filled({{"id", "$.id"}}, "\"order <id>\"\n\"a < b\""), "\"order 7\"\n\"a < b\"");
}

TEST(Transformer, reserved_variables_speak_of_rule_and_event) {
    EXPECT_EQ(filled({}, R"({"r":<aws.events.rule-name>,"a":"<aws.events.rule-arn>"})"),
              R"({"r":"big-orders","a":"arn:rule"})");
    EXPECT_EQ(filled({}, "<aws.events.event>"),
              R"({"id":"7","detailType":"order.placed","source":"kontor.order",)"
              R"("resources":["o-1"]})");
    EXPECT_EQ(filled({}, R"([<aws.events.event.json>])"), "[" + std::string(placed) + "]");
}

TEST(Transformer, what_looks_like_a_placeholder_after_decoding_is_none) {
    EXPECT_EQ(filled({{"note", "$.detail.note"}}, R"("\u003caws.events.event.json\u003e <note>")"),
              R"("<aws.events.event.json> say \"hi\"")");
    EXPECT_EQ(filled({}, R"({"\u003ca\u003e":"\u003ca\u003e"})"), R"({"<a>":"<a>"})");
}

TEST(Transformer, a_target_gets_no_more_than_it_can_take) {
    auto const large = R"({"id":"7","detail":")" + std::string(10'000, 'x') + R"("})";
    auto const event = *read_json(large, 16);
    std::string text = "[";
    for (int i = 0; i < 200; ++i)
        text += (i > 0 ? ",<aws.events.event.json>" : "<aws.events.event.json>");
    TargetInput input;
    input.filled = {{}, text + "]"};
    auto const transformer = Transformer::create(input, "t-1");
    ASSERT_TRUE(transformer.has_value());
    auto const rendered = transformer->render({event});
    ASSERT_FALSE(rendered.has_value());
    EXPECT_EQ(rendered.error().fault, InputFault::rendered_too_large);
}

TEST(Transformer, what_cannot_be_is_refused_by_kind) {
    TargetInput two;
    two.constant = "1";
    two.path = "$";
    EXPECT_EQ(refused(two), InputFault::two_forms);
    for (auto const* const path : {"detail", "$detail", "$.a[", "$.a[-1]", "$.a b", "$..a", "$."}) {
        TargetInput input;
        input.path = path;
        EXPECT_EQ(refused(input), InputFault::wrong_path) << path;
    }
    EXPECT_EQ(refused_template({{"AWSx", "$.a"}}, "\"\""), InputFault::wrong_name);
    EXPECT_EQ(refused_template({}, "<id>"), InputFault::unknown_placeholder);
    EXPECT_EQ(refused_template({{"a", "$.a"}}, R"({"<a>":1})"), InputFault::placeholder_in_key);
    EXPECT_EQ(refused_template({{"a", "$.a"}}, R"({"b":<a><a>})"), InputFault::not_json);
    EXPECT_EQ(refused_template({}, R"("<aws.events.event>")"), InputFault::placeholder_in_text);
    EXPECT_EQ(refused_template({}, std::string(template_size_max + 1, ' ')), InputFault::too_long);
}

TEST(Transformer, an_unknown_placeholder_is_named_in_the_words_of_aws) {
    TargetInput input;
    input.filled = {{}, R"({"a":<b>})"};
    EXPECT_EQ(Transformer::create(input, "t-1").error().what,
              "InputTemplate for target t-1 contains invalid placeholder b.");
}

} // namespace
} // namespace kontor::routing
