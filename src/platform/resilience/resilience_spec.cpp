#include "platform/resilience/deadline.hpp"
#include "platform/resilience/load_shedding.hpp"
#include "platform/resilience/rate_limit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::resilience {
namespace {

constexpr Quota five_a_second{5, Duration::seconds(1)};
constexpr Duration noon = Duration::hours(12);

TEST(RateLimit, a_rested_caller_may_use_the_whole_quota_at_once) {
    UsedUntil used{};
    for (std::uint32_t left = 5; left-- > 0;) {
        auto const verdict = take_one(used, five_a_second, noon);
        EXPECT_TRUE(verdict.is_allowed);
        EXPECT_EQ(verdict.remaining, left);
    }
    auto const refused = take_one(used, five_a_second, noon);
    EXPECT_FALSE(refused.is_allowed);
    EXPECT_EQ(refused.retry_after, Duration::milliseconds(200));
    EXPECT_EQ(refused.reset, Duration::seconds(1));
}

TEST(RateLimit, what_was_used_comes_back_evenly) {
    UsedUntil used{};
    for (int i = 0; i < 5; ++i)
        take_one(used, five_a_second, noon);
    EXPECT_FALSE(take_one(used, five_a_second, noon + Duration::milliseconds(199)).is_allowed);
    EXPECT_TRUE(take_one(used, five_a_second, noon + Duration::milliseconds(200)).is_allowed);
    EXPECT_FALSE(take_one(used, five_a_second, noon + Duration::milliseconds(399)).is_allowed);
}

TEST(RateLimit, whoever_waits_as_told_is_let_in) {
    UsedUntil used{};
    auto now = noon;
    for (int i = 0; i < 100; ++i) {
        auto verdict = take_one(used, {7, Duration::seconds(1)}, now);
        if (verdict.is_allowed)
            continue;
        now = now + verdict.retry_after;
        EXPECT_TRUE(take_one(used, {7, Duration::seconds(1)}, now).is_allowed);
    }
}

/// Whatever a caller does, no stretch of time gives it more than the quota and what came back.
RC_GTEST_PROP(RateLimit, nobody_gets_more_than_the_quota, (std::vector<std::uint16_t> pauses_ms)) {
    UsedUntil used{};
    std::vector<Duration> taken;
    auto now = noon;
    for (auto const pause : pauses_ms) {
        now = now + Duration::milliseconds(pause % 400);
        if (take_one(used, five_a_second, now).is_allowed)
            taken.push_back(now);
    }
    for (std::size_t i = 0; i + 5 < taken.size(); ++i) {
        auto const stretch = (taken[i + 5] - taken[i]).in_milliseconds();
        RC_ASSERT(stretch >= 200);
    }
    for (std::size_t i = 0; i + 10 < taken.size(); ++i)
        RC_ASSERT((taken[i + 10] - taken[i]).in_milliseconds() >= 1200);
}

TEST(RateLimiter, callers_do_not_use_each_others_quota) {
    RateLimiter<int> limiter(10);
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(limiter.take(1, five_a_second, noon).is_allowed);
    EXPECT_FALSE(limiter.take(1, five_a_second, noon).is_allowed);
    EXPECT_TRUE(limiter.take(2, five_a_second, noon).is_allowed);
}

TEST(RateLimiter, callers_that_do_not_fit_share_one_quota) {
    RateLimiter<int> limiter(2);
    limiter.take(1, five_a_second, noon);
    limiter.take(2, five_a_second, noon);
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(limiter.take(100 + i, five_a_second, noon).is_allowed);
    EXPECT_FALSE(limiter.take(200, five_a_second, noon).is_allowed);
    EXPECT_EQ(limiter.size(), 2U);
}

TEST(RateLimiter, callers_that_have_rested_make_room) {
    RateLimiter<int> limiter(2);
    limiter.take(1, five_a_second, noon);
    limiter.take(2, five_a_second, noon);
    auto const later = noon + Duration::seconds(2);
    limiter.take(3, five_a_second, later);
    EXPECT_EQ(limiter.size(), 1U);
}

TEST(LoadShedding, the_least_urgent_goes_first) {
    auto const shed_at = [](std::size_t waiting) {
        std::vector<Urgency> shed;
        for (auto const urgency :
             {Urgency::analytics, Urgency::browse, Urgency::status, Urgency::checkout})
            if (is_shed(urgency, {waiting, 1000}))
                shed.push_back(urgency);
        return shed;
    };
    using enum Urgency;
    EXPECT_EQ(shed_at(499), std::vector<Urgency>{});
    EXPECT_EQ(shed_at(500), std::vector<Urgency>{analytics});
    EXPECT_EQ(shed_at(700), (std::vector<Urgency>{analytics, browse}));
    EXPECT_EQ(shed_at(850), (std::vector<Urgency>{analytics, browse, status}));
    EXPECT_EQ(shed_at(1000), (std::vector<Urgency>{analytics, browse, status, checkout}));
}

TEST(LoadShedding, age_counts_as_much_as_number) {
    EXPECT_TRUE(is_shed(Urgency::analytics, {1, 1000, Duration::milliseconds(500)}));
    EXPECT_FALSE(is_shed(Urgency::browse, {1, 1000, Duration::milliseconds(500)}));
    EXPECT_TRUE(is_shed(Urgency::checkout, {1, 1000, Duration::seconds(1)}));
}

TEST(LoadShedding, what_nobody_follows_counts_as_much_as_what_waits) {
    EXPECT_TRUE(is_shed(Urgency::analytics, {.backlog = 50'000}));
    EXPECT_FALSE(is_shed(Urgency::browse, {.backlog = 50'000}));
    EXPECT_FALSE(is_shed(Urgency::checkout, {.backlog = 99'999}));
    EXPECT_TRUE(is_shed(Urgency::checkout, {.backlog = 100'000}));
}

TEST(LoadShedding, nobody_is_told_to_come_back_at_once) {
    Random dice(1);
    for (int i = 0; i < 100; ++i) {
        auto const seconds = retry_after_seconds(dice);
        EXPECT_GE(seconds, 1);
        EXPECT_LE(seconds, 4);
    }
}

TEST(Deadline, is_a_number_of_milliseconds_up_to_a_day) {
    EXPECT_EQ(parse_deadline("250"), Duration::milliseconds(250));
    EXPECT_EQ(parse_deadline("86400000"), Duration::days(1));
    for (auto const* text : {"", "0", "-1", "+5", "86400001", "1.5", "soon", "5 ", " 5", "0x10"})
        EXPECT_FALSE(parse_deadline(text)) << text;
}

TEST(Deadline, what_is_left_ends) {
    EXPECT_EQ(time_left(noon + Duration::seconds(1), noon), Duration::seconds(1));
    EXPECT_FALSE(time_left(noon, noon));
}

} // namespace
} // namespace kontor::resilience
