#include "tests/style/outline.hpp"

#include <gtest/gtest.h>

namespace kontor::style {
namespace {

Outline read(std::string_view text) {
    return outline_of(read_source("src/base/x.hpp", text));
}

TEST(Source, comments_and_literals_are_no_code) {
    auto const source =
        read_source("x.cpp", "int a; // throw\n"
                             "/* co_await */ char const* b = \"throw \\\" throw\";\n"
                             "auto c = R\"x(throw \"here)\" )x\"; char d = '\\'';\n"
                             "int e = 1'000'000;\n");
    for (auto const& token : source.tokens) {
        EXPECT_NE(token.text, "throw");
        EXPECT_NE(token.text, "co_await");
    }
    EXPECT_EQ(source.comments[0], " throw");
    EXPECT_EQ(source.tokens.back().line, 4u);
}

TEST(Source, words_are_split_at_underscores_and_capitals) {
    EXPECT_EQ(words_of("ProcessManager"), (std::vector<std::string>{"process", "manager"}));
    EXPECT_EQ(words_of("order_data_"), (std::vector<std::string>{"order", "data"}));
}

TEST(Outline, a_function_has_lines_parameters_and_depth) {
    auto const outline = read("namespace a::b {\n"
                              "int f(int a, std::map<int, int> b, int c = g(1, 2)) {\n"
                              "    if (a)\n"
                              "        for (;;) {\n"
                              "            if (b) {\n"
                              "            }\n"
                              "        }\n"
                              "    return 1;\n"
                              "}\n"
                              "}\n");
    ASSERT_EQ(outline.functions.size(), 1u);
    auto const& function = outline.functions.front();
    EXPECT_EQ(function.name, "f");
    EXPECT_EQ(function.first_line, 2u);
    EXPECT_EQ(function.last_line, 9u);
    EXPECT_EQ(function.parameters, 3u);
    EXPECT_EQ(function.nesting, 2u);
}

TEST(Outline, constructors_operators_and_lambdas_are_read) {
    auto const outline =
        read("class X {\n"
             "public:\n"
             "    X(int a, int b) : a_{a}, b_(b) { run(); }\n"
             "    bool operator()(int a) const { return [&](int) { return a; }(1); }\n"
             "    friend bool operator==(X const&, X const&) = default;\n"
             "private:\n"
             "    int a_{};\n"
             "    std::function<void(int)> b_;\n"
             "    auto hidden() const -> Result<int> { return 1; }\n"
             "};\n"
             "enum class E : int { one, two };\n"
             "void after(int);\n");
    ASSERT_EQ(outline.functions.size(), 4u);
    EXPECT_EQ(outline.functions[0].name, "X");
    EXPECT_EQ(outline.functions[0].parameters, 2u);
    EXPECT_EQ(outline.functions[1].parameters, 1u);
    EXPECT_EQ(outline.functions[2].name, "hidden");
    EXPECT_FALSE(outline.functions[2].is_public);
    EXPECT_EQ(outline.functions[3].name, "after");
    EXPECT_FALSE(outline.functions[3].defined);
}

TEST(Outline, what_returns_a_result_is_known) {
    auto const outline = read("struct S {\n"
                              "    virtual Result<int> a() = 0;\n"
                              "    static Result<std::map<int, int>> b(int c);\n"
                              "    template <class T>\n"
                              "    Result<T, Rejection> c(T t);\n"
                              "    Result<int> d() override;\n"
                              "    int e();\n"
                              "    Result<int> (*pointer)(int);\n"
                              "};\n"
                              "kontor::Result<void> f();\n");
    ASSERT_EQ(outline.functions.size(), 6u);
    for (auto const index : {0u, 1u, 2u, 3u, 5u})
        EXPECT_TRUE(outline.functions[index].returns_result) << index;
    EXPECT_FALSE(outline.functions[4].returns_result);
    EXPECT_TRUE(outline.functions[3].overrides);
}

TEST(Outline, a_friend_with_a_body_is_a_function) {
    auto const outline = read("struct S {\n"
                              "    friend bool operator==(S a, S b) { return a.n == b.n; }\n"
                              "};\n"
                              "using Table = std::array<int, f(1)>{};\n");
    ASSERT_EQ(outline.functions.size(), 1u);
    EXPECT_EQ(outline.functions.front().parameters, 2u);
}

TEST(Outline, a_test_is_a_function_and_a_macro_call_is_none) {
    auto const outline = read("BOOST_DESCRIBE_STRUCT(A, (), (a, b, c, d, e, f, g))\n"
                              "static_assert(describes_every_field<A>());\n"
                              "TEST(Suite, a_sentence) {\n"
                              "    EXPECT_TRUE(true);\n"
                              "}\n");
    ASSERT_EQ(outline.functions.size(), 1u);
    EXPECT_EQ(outline.functions.front().name, "a_sentence");
    EXPECT_EQ(outline.functions.front().last_line, 5u);
}

} // namespace
} // namespace kontor::style
