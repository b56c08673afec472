#include "platform/routing/matching.hpp"
#include "tests/conformance/counted_memory.hpp"
#include "tests/conformance/vectors.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

TEST(NoAllocation, what_was_asked_once_is_asked_again_without_allocating) {
    for (auto const* const family :
         {"absent", "alternatives", "arrays", "arrays_scalar", "cidr", "exact_number", "ip_equal",
          "numeric", "realistic", "suffix_ic", "unicode", "wildcard"}) {
        auto const vectors = testing::read_vectors("patterns/" + std::string(family) + ".ndjson");
        std::vector<Rule> rules;
        for (RuleNumber i = 0; i < vectors.size(); ++i)
            rules.push_back({i, vectors[i].pattern});
        auto const matcher = Matcher::build(rules);
        ASSERT_TRUE(matcher.has_value()) << family;
        Matching matching(*matcher);
        std::size_t found = 0;
        auto const ask_all = [&] {
            for (auto const& vector : vectors) {
                matching.ask(vector.event);
                found += matching.rules().size();
            }
        };
        ask_all();
        auto const before = testing::allocations();
        ask_all();
        EXPECT_EQ(testing::allocations() - before, 0U) << family;
        EXPECT_GT(found, 2 * 15U) << family;
    }
    EXPECT_GT(testing::allocations(), 1'000U) << "nothing is counted";
}

} // namespace
} // namespace kontor::routing
