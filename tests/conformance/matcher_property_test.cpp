#include "platform/routing/definition.hpp"
#include "platform/routing/matching.hpp"
#include "tests/conformance/routing_dice.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace kontor::routing {
namespace {

/// Patterns that compile, as texts and read.
struct RandomRules {
    RandomRules(testing::RoutingDice& dice, std::size_t count) {
        while (patterns.size() < count) {
            auto text = dice.pattern();
            auto pattern = compile(text);
            if (!pattern)
                continue;
            texts.push_back(std::move(text));
            patterns.push_back(*std::move(pattern));
        }
        for (std::size_t i = 0; i < count; ++i)
            rules.push_back({static_cast<RuleNumber>(i), texts[i]});
    }

    std::vector<std::string> texts;
    std::vector<Pattern> patterns;
    std::vector<Rule> rules;
};

TEST(MatcherProperty, the_compiled_matcher_answers_as_the_definition) {
    testing::RoutingDice dice(Random(testing::seed()).fork("matcher"));
    constexpr int rounds = 400;
    constexpr std::size_t rules_of_round = 25;
    constexpr int events_of_round = 40;
    std::map<Verdict, std::size_t> verdicts;
    for (int round = 0; round < rounds; ++round) {
        RandomRules const random(dice, rules_of_round);
        auto const matcher =
            Matcher::build(random.rules, round % 2 == 0 ? CpuLevel::baseline : best_cpu_level());
        ASSERT_TRUE(matcher.has_value());
        Matching matching(*matcher);
        for (int i = 0; i < events_of_round; ++i) {
            auto const text = dice.event();
            auto const event = FlatEvent::read(text);
            ASSERT_TRUE(event.has_value()) << text << ": " << event.error().what;
            ASSERT_EQ(matching.ask(text), Asked::answered) << text;
            for (auto const& rule : random.rules) {
                auto const verdict = match_by_definition(random.patterns[rule.number], *event);
                ++verdicts[verdict];
                bool const found = std::ranges::binary_search(matching.rules(), rule.number);
                ASSERT_EQ(found, verdict == Verdict::match)
                    << "pattern " << rule.pattern << "\nevent   " << text;
            }
        }
    }
    // Dice that never match, or always do, would show nothing.
    EXPECT_GT(verdicts[Verdict::match], 10'000U);
    EXPECT_GT(verdicts[Verdict::no_match], 10'000U);
}

} // namespace
} // namespace kontor::routing
