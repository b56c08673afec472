#include "domain/values/money.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

namespace kontor {
namespace {

constexpr auto gbp = Currency::gbp();

std::vector<std::int64_t> minors(std::vector<Money> const& parts) {
    std::vector<std::int64_t> out;
    for (auto const& part : parts)
        out.push_back(part.minor());
    return out;
}

TEST(Money, splits_without_losing_a_cent) {
    std::vector<std::int64_t> const thirds{1, 1, 1};
    EXPECT_EQ(minors(Money::of(100, gbp).allocate(thirds)),
              (std::vector<std::int64_t>{34, 33, 33}));
    EXPECT_EQ(minors(Money::of(-100, gbp).allocate(thirds)),
              (std::vector<std::int64_t>{-34, -33, -33}));
    std::vector<std::int64_t> const zeros{0, 0};
    EXPECT_EQ(minors(Money::of(3, gbp).allocate(zeros)), (std::vector<std::int64_t>{2, 1}));
    std::vector<std::int64_t> const some_zero{0, 5, 5};
    EXPECT_EQ(minors(Money::of(3, gbp).allocate(some_zero)), (std::vector<std::int64_t>{0, 2, 1}));
}

TEST(Money, refuses_to_mix_currencies_and_to_leave_its_range) {
    EXPECT_EQ(Money::of(1, gbp).plus(Money::of(1, Currency::eur())).error(),
              MoneyError::currency_mixed);
    EXPECT_EQ(Money::of(Money::max, gbp).plus(Money::of(1, gbp)).error(), MoneyError::out_of_range);
    EXPECT_EQ(Money::of(-Money::max, gbp).minus(Money::of(1, gbp)).error(),
              MoneyError::out_of_range);
    EXPECT_EQ(Money::of(Money::max, gbp).times(INT64_MAX).error(), MoneyError::out_of_range);
    EXPECT_EQ(Money::create(INT64_MIN, gbp).error(), MoneyError::out_of_range);
    EXPECT_EQ(Money::of(7, gbp).times(-3).value().minor(), -21);
}

TEST(Money, rounds_on_the_magnitude) {
    auto const half = BasisPoints::create(5'000).value();
    EXPECT_EQ(Money::of(5, gbp).share(half, Rounding::half_up).minor(), 3);
    EXPECT_EQ(Money::of(5, gbp).share(half, Rounding::half_even).minor(), 2);
    EXPECT_EQ(Money::of(7, gbp).share(half, Rounding::half_even).minor(), 4);
    EXPECT_EQ(Money::of(-5, gbp).share(half, Rounding::half_up).minor(), -3);
    auto const vat = BasisPoints::create(2'000).value();
    EXPECT_EQ(Money::of(120, gbp).without_included(vat, Rounding::half_up).minor(), 100);
}

TEST(Money, prints_with_the_digits_of_its_currency) {
    EXPECT_EQ(Money::of(1999, gbp).to_string(), "19.99 GBP");
    EXPECT_EQ(Money::of(-5, gbp).to_string(), "-0.05 GBP");
    EXPECT_EQ(Money::of(5, Currency::jpy()).to_string(), "5 JPY");
    EXPECT_EQ(Money::of(1234, Currency::kwd()).to_string(), "1.234 KWD");
}

TEST(MoneyDeath, comparing_two_currencies_is_a_defect) {
    EXPECT_DEATH((void)(Money::of(1, gbp) < Money::of(1, Currency::eur())), "two currencies");
}

RC_GTEST_PROP(MoneyProperty, parts_sum_to_the_whole_and_zero_weights_get_nothing, ()) {
    auto const minor = *rc::gen::inRange<std::int64_t>(-Money::max, Money::max);
    auto const weights = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int64_t>>(
        rc::gen::inRange<std::int64_t>(0, 1'000'000)));
    auto const parts = Money::of(minor, gbp).allocate(weights);
    bool const some_weight = std::accumulate(weights.begin(), weights.end(), std::int64_t{0}) > 0;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        sum += parts[i].minor();
        if (some_weight && weights[i] == 0)
            RC_ASSERT(parts[i].is_zero());
    }
    RC_ASSERT(sum == minor);
}

RC_GTEST_PROP(MoneyProperty, take_is_the_first_part_of_allocate, ()) {
    auto const minor = *rc::gen::inRange<std::int64_t>(-Money::max, Money::max);
    auto const units = *rc::gen::inRange<std::int64_t>(1, 1'000'001);
    auto const n = *rc::gen::inRange<std::int64_t>(0, units + 1);
    std::vector<std::int64_t> const weights{n, units - n};
    RC_ASSERT(Money::of(minor, gbp).take(n, units) == Money::of(minor, gbp).allocate(weights)[0]);
}

RC_GTEST_PROP(MoneyProperty, included_tax_splits_the_gross_exactly, ()) {
    auto const gross = Money::of(*rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000), gbp);
    auto const rate = BasisPoints::create(*rc::gen::inRange<std::int64_t>(0, 10'001)).value();
    auto const net = gross.without_included(rate, Rounding::half_up);
    auto const mirrored = gross.negated().without_included(rate, Rounding::half_up);
    RC_ASSERT(mirrored == net.negated());
}

} // namespace
} // namespace kontor
