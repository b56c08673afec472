#include "bench/statistics.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

namespace kontor::bench {
namespace {

TEST(Statistics, a_median_is_the_row_in_the_middle) {
    EXPECT_EQ(median({}), 0);
    EXPECT_EQ(median({9, 1, 2}), 2);
    EXPECT_EQ(median({4, 1, 2, 9}), 3);
}

// How the median of rows drawn anew is spread is known: it does not exceed the k-th of n rows with
// the chance that at least (n + 1) / 2 of n draws, each below with k / n, are. For 7 rows that is
// 1.0 % for the first and 10.8 % for the second, so 2.5 % lie at the second; 89.2 % for the fifth
// and 99.0 % for the sixth, so 97.5 % lie at the sixth. For 9 rows: 0.1, 3.0 and 97.0, 99.9 %.
TEST(Statistics, an_interval_is_what_the_exact_chances_say) {
    EXPECT_EQ(bootstrap_interval({1, 2, 3, 4, 5, 6, 7}), (Interval{2, 6}));
    EXPECT_EQ(bootstrap_interval({1, 2, 3, 4, 5, 6, 7, 8, 9}), (Interval{2, 8}));
}

TEST(Statistics, an_interval_does_not_depend_on_the_sequence_of_rows) {
    EXPECT_EQ(bootstrap_interval({5, 3, 7, 1, 2, 6, 4}), bootstrap_interval({1, 2, 3, 4, 5, 6, 7}));
    EXPECT_EQ(bootstrap_interval({4, 4, 4}), (Interval{4, 4}));
}

TEST(Statistics, nine_of_ten_intervals_or_more_hold_the_true_median) {
    Random random(7);
    int held = 0;
    constexpr int tries = 100;
    for (int each = 0; each < tries; ++each) {
        std::vector<double> rows;
        for (int n = 0; n < 15; ++n)
            rows.push_back(static_cast<double>(random.below(2'001)));
        auto const interval = bootstrap_interval(rows);
        held += interval.low <= 1'000 && 1'000 <= interval.high ? 1 : 0;
    }
    EXPECT_GE(held, tries * 9 / 10);
    EXPECT_LT(held, tries); // an interval that holds everything says nothing
}

TEST(Statistics, rounds_beyond_a_factor_of_two_are_scattered) {
    EXPECT_TRUE(is_scattered({1, 1.5, 2.1}));
    EXPECT_FALSE(is_scattered({1, 1.5, 2.0}));
    EXPECT_FALSE(is_scattered({}));
}

TEST(Statistics, a_ratio_is_taken_row_by_row) {
    EXPECT_EQ(ratios({6, 9}, {2, 1}), (std::vector<double>{3, 9}));
    EXPECT_EQ(ratios({6}, {2}, 3), (std::vector<double>{1}));
}

} // namespace
} // namespace kontor::bench
