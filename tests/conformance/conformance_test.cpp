#include "platform/routing/definition.hpp"
#include "platform/routing/matching.hpp"
#include "tests/conformance/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::routing {
namespace {

using testing::Expected;
using testing::Vector;

constexpr std::size_t vectors_of_patterns = 5'918;
constexpr std::size_t vectors_of_differences = 159;

Expected by_definition(Vector const& vector) {
    auto const pattern = compile(vector.pattern, pattern_characters_ceiling);
    if (!pattern)
        return Expected::refused;
    auto const event = FlatEvent::read(vector.event);
    if (!event)
        return Expected::malformed;
    return match_by_definition(*pattern, *event) == Verdict::match ? Expected::match
                                                                   : Expected::no_match;
}

std::string_view words(Expected expected) {
    constexpr std::string_view all[] = {"match", "no match", "refused", "malformed"};
    return all[static_cast<std::size_t>(expected)];
}

/// Alone in a matcher.   Requires: no refused pattern, and no event that must be refused.
Expected by_matcher(Vector const& vector) {
    Rule const alone[] = {{1, vector.pattern}};
    auto const matcher = Matcher::build(alone);
    if (!matcher)
        return Expected::refused;
    Matching matching(*matcher);
    if (matching.ask(vector.event) == Asked::unreadable || !matching.over_budget().empty())
        return Expected::malformed;
    return matching.rules().empty() ? Expected::no_match : Expected::match;
}

void hold_to(Vector const& vector) {
    EXPECT_EQ(words(by_definition(vector)), words(vector.expected))
        << vector.name << "\n  pattern " << vector.pattern << "\n  event   " << vector.event;
}

TEST(Conformance, every_vector_of_the_engine_has_its_verdict) {
    std::size_t count = 0;
    for (auto const& family : testing::families())
        for (auto const& vector : testing::read_vectors("patterns/" + family)) {
            hold_to(vector);
            ++count;
        }
    EXPECT_EQ(count, vectors_of_patterns);
}

/// All patterns of a family stand in one matcher; each event must find its own among them.
TEST(Conformance, the_compiled_matcher_gives_every_verdict_too) {
    for (auto const& family : testing::families()) {
        auto const vectors = testing::read_vectors("patterns/" + family);
        std::vector<Rule> rules;
        for (RuleNumber i = 0; i < vectors.size(); ++i)
            if (vectors[i].expected != Expected::refused)
                rules.push_back({i, vectors[i].pattern});
        auto const matcher = Matcher::build(rules);
        ASSERT_TRUE(matcher.has_value()) << family;
        Matching matching(*matcher);
        for (auto const& rule : rules) {
            auto const& vector = vectors[rule.number];
            ASSERT_EQ(matching.ask(vector.event), Asked::answered) << vector.name;
            EXPECT_EQ(std::ranges::binary_search(matching.rules(), rule.number),
                      vector.expected == Expected::match)
                << vector.name << "\n  pattern " << vector.pattern << "\n  event   "
                << vector.event;
        }
    }
}

TEST(Conformance, where_the_engine_errs_the_definition_decides) {
    auto const vectors = testing::read_vectors("differences.ndjson");
    for (auto const& vector : vectors)
        hold_to(vector);
    EXPECT_EQ(vectors.size(), vectors_of_differences);
}

/// Of an event that must be refused its answer means nothing: whoever accepts events refuses it.
TEST(Conformance, where_the_engine_errs_the_compiled_matcher_does_not) {
    std::size_t asked = 0;
    for (auto const& vector : testing::read_vectors("differences.ndjson")) {
        if (vector.expected == Expected::malformed)
            continue;
        EXPECT_EQ(words(by_matcher(vector)), words(vector.expected))
            << vector.name << "\n  pattern " << vector.pattern << "\n  event   " << vector.event;
        ++asked;
    }
    EXPECT_GT(asked, vectors_of_differences / 2);
}

} // namespace
} // namespace kontor::routing
