#include "platform/processes/deadlines.hpp"

#include "base/random.hpp"
#include "domain/values/ids.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

#include <map>

namespace kontor::processes {
namespace {

Instant at(std::int64_t second) {
    return Instant() + Duration::seconds(second);
}

OrderId order(std::uint64_t number) {
    return OrderId(Id128(0, number));
}

TEST(Deadlines, are_reached_earliest_first) {
    Deadlines<OrderId> deadlines;
    deadlines.set(order(1), at(30));
    deadlines.set(order(2), at(10));
    deadlines.set(order(3), at(20));
    EXPECT_EQ(deadlines.next(), at(10));
    EXPECT_EQ(deadlines.take_reached(at(20)), order(2));
    EXPECT_EQ(deadlines.take_reached(at(20)), order(3));
    EXPECT_EQ(deadlines.take_reached(at(20)), std::nullopt);
    EXPECT_EQ(deadlines.next(), at(30));
}

TEST(Deadlines, a_new_one_replaces_the_old_one) {
    Deadlines<OrderId> deadlines;
    deadlines.set(order(1), at(10));
    deadlines.set(order(1), at(30));
    EXPECT_EQ(deadlines.take_reached(at(20)), std::nullopt);
    deadlines.clear(order(1));
    EXPECT_EQ(deadlines.take_reached(at(40)), std::nullopt);
    EXPECT_EQ(deadlines.next(), std::nullopt);
}

TEST(Deadlines, agree_with_a_plain_table_under_random_use) {
    Random random(kontor::testing::seed());
    Deadlines<OrderId> deadlines;
    std::map<OrderId, Instant> table;
    for (std::int64_t now = 0; now < 2'000; ++now) {
        auto const key = order(random.below(50));
        if (random.chance(1, 4)) {
            deadlines.clear(key);
            table.erase(key);
        } else {
            auto const when = at(now + random.between(0, 100));
            deadlines.set(key, when);
            table[key] = when;
        }
        while (auto const reached = deadlines.take_reached(at(now))) {
            ASSERT_TRUE(table.contains(*reached));
            ASSERT_LE(table[*reached], at(now));
            table.erase(*reached);
        }
        for (auto const& [waiting, when] : table)
            ASSERT_GT(when, at(now));
        ASSERT_EQ(deadlines.size(), table.size());
    }
}

} // namespace
} // namespace kontor::processes
