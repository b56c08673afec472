#include "platform/routing/event.hpp"
#include "tests/conformance/counted_memory.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

/// What an event takes, values and all, may be many times its bytes, but not a multiple of what its
/// longest path or its deepest list makes of each leaf.
constexpr std::size_t bytes_of_byte_max = 300;

void hold_to_its_size(std::string const& event) {
    auto const before = testing::allocated_bytes();
    auto const read = FlatEvent::read(event);
    auto const taken = testing::allocated_bytes() - before;
    ASSERT_TRUE(read.has_value()) << read.error().what;
    EXPECT_LT(taken, bytes_of_byte_max * event.size());
    EXPECT_GT(taken, event.size()) << "nothing is counted";
}

std::string leaves(std::size_t count) {
    std::string all = "0";
    for (std::size_t i = 1; i < count; ++i)
        all += ",0";
    return all;
}

std::string members(std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
    return all;
}

TEST(EventMemory, a_long_key_is_not_kept_for_each_leaf_below_it) {
    auto const key = std::string(20'000, 'k');
    hold_to_its_size(R"({")" + key + R"(":[)" + leaves(10'000) + "]}");
    hold_to_its_size(R"({")" + key + R"(":{)" + members(5'000) + "}}");
}

TEST(EventMemory, a_dotted_key_is_not_kept_for_each_leaf_below_it) {
    std::string key(200, '.');
    key.insert(0, std::string(10'000, 'k'));
    hold_to_its_size(R"({")" + key + R"(":[)" + leaves(10'000) + "]}");
}

TEST(EventMemory, lists_in_lists_are_not_kept_for_each_leaf_in_them) {
    constexpr std::size_t depth = 250;
    hold_to_its_size(R"({"a":)" + std::string(depth, '[') + leaves(20'000) +
                     std::string(depth, ']') + "}");
}

} // namespace
} // namespace kontor::routing
