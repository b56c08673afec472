#include "platform/resilience/downstream.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

namespace kontor::resilience {
namespace {

constexpr Duration dawn = Duration::hours(12);
constexpr Duration quickly = Duration::milliseconds(20);

/// So many calls, one after the other, that end as they are told to.
void call(CircuitBreaker& breaker, int times, bool is_good, Duration now, Duration took = quickly) {
    for (int n = 0; n < times; ++n)
        if (auto const admitted = breaker.admit(now))
            breaker.ended(*admitted, is_good, took, now);
}

TEST(CircuitBreaker, half_of_twenty_calls_that_go_badly_open_it_at_once) {
    CircuitBreaker breaker({});
    call(breaker, 10, true, dawn);
    call(breaker, 9, false, dawn);
    EXPECT_EQ(breaker.state(dawn), BreakerState::closed) << "nineteen say nothing";
    call(breaker, 1, false, dawn);
    EXPECT_EQ(breaker.state(dawn), BreakerState::open);
    EXPECT_FALSE(breaker.admit(dawn));
    ASSERT_EQ(breaker.history().size(), 1U);
    EXPECT_EQ(breaker.history().front().why, "10 of 20 calls went badly or were slow");
}

TEST(CircuitBreaker, fewer_than_half_never_open_it) {
    CircuitBreaker breaker({});
    for (int n = 0; n < 500; ++n) {
        call(breaker, 11, true, dawn);
        call(breaker, 9, false, dawn);
    }
    EXPECT_EQ(breaker.state(dawn), BreakerState::closed);
}

TEST(CircuitBreaker, whoever_answers_slowly_is_left_alone_too) {
    CircuitBreaker breaker({});
    call(breaker, 20, true, dawn, Duration::seconds(10));
    EXPECT_EQ(breaker.state(dawn), BreakerState::closed) << "that was not slow yet";
    call(breaker, 20, true, dawn, Duration::milliseconds(10'001));
    EXPECT_EQ(breaker.state(dawn), BreakerState::open);
}

TEST(CircuitBreaker, what_is_long_past_says_nothing) {
    CircuitBreaker breaker({});
    call(breaker, 19, false, dawn);
    auto const later = dawn + Duration::seconds(10);
    EXPECT_EQ(breaker.bad(later), 0U);
    call(breaker, 1, false, later);
    EXPECT_EQ(breaker.state(later), BreakerState::closed);
}

TEST(CircuitBreaker, after_the_rest_three_try_and_close_it_or_the_rest_doubles) {
    CircuitBreaker breaker({}, 7);
    auto now = dawn;
    call(breaker, 20, false, now);
    auto rest = Duration::seconds(5);
    for (int n = 0; n < 6; ++n) {
        auto const until = breaker.rests_until() - now;
        EXPECT_GE(until, rest);
        EXPECT_LE(until.in_milliseconds(), rest.in_milliseconds() * 6 / 5);
        now = breaker.rests_until() - Duration::microseconds(1);
        EXPECT_FALSE(breaker.admit(now)) << "the rest is not over";
        now = breaker.rests_until();
        ASSERT_EQ(breaker.state(now), BreakerState::half_open);
        call(breaker, 1, false, now);
        ASSERT_EQ(breaker.state(now), BreakerState::open);
        rest = std::min(Duration::seconds(60), Duration::microseconds(2 * rest.in_microseconds()));
    }
    now = breaker.rests_until();
    std::vector<CircuitBreaker::Admission> tries;
    while (auto const admitted = breaker.admit(now))
        tries.push_back(*admitted);
    EXPECT_EQ(tries.size(), 3U);
    for (auto const& each : tries) {
        EXPECT_EQ(breaker.state(now), BreakerState::half_open);
        breaker.ended(each, true, quickly, now);
    }
    EXPECT_EQ(breaker.state(now), BreakerState::closed);
    call(breaker, 20, false, now);
    EXPECT_LE((breaker.rests_until() - now).in_milliseconds(), 6000) << "it begins anew";
    EXPECT_EQ(breaker.openings(), 8U);
}

TEST(CircuitBreaker, a_late_answer_of_before_says_nothing_of_now) {
    CircuitBreaker breaker({});
    auto const early = breaker.admit(dawn);
    call(breaker, 20, false, dawn);
    auto const now = breaker.rests_until();
    EXPECT_TRUE(breaker.admit(now));
    breaker.ended(*early, false, quickly, now);
    EXPECT_EQ(breaker.state(now), BreakerState::half_open);
}

TEST(CircuitBreaker, a_long_rest_ends_early_when_somebody_was_answered) {
    CircuitBreaker breaker({});
    call(breaker, 20, false, dawn);
    breaker.encourage(dawn + Duration::seconds(1));
    EXPECT_EQ(breaker.rests_until(), dawn + Duration::seconds(5)) << "never before the shortest";
    auto now = breaker.rests_until();
    call(breaker, 1, false, now);
    auto const long_rest = breaker.rests_until();
    EXPECT_GE(long_rest, now + Duration::seconds(10));
    now = now + Duration::seconds(7);
    breaker.encourage(now);
    EXPECT_EQ(breaker.state(now), BreakerState::half_open);
}

TEST(CircuitBreaker, who_is_not_there_is_left_alone_at_once_and_asked_as_soon_as_it_is_back) {
    CircuitBreaker breaker({});
    breaker.trip(dawn, "it cannot be reached");
    EXPECT_EQ(breaker.state(dawn + Duration::seconds(4)), BreakerState::open);
    EXPECT_EQ(breaker.history().back().why, "it cannot be reached");
    breaker.trip(dawn, "it still cannot");
    EXPECT_EQ(breaker.openings(), 1U);
    breaker.encourage(dawn + Duration::seconds(1));
    EXPECT_EQ(breaker.state(dawn + Duration::seconds(1)), BreakerState::half_open);
    breaker.force(Forced::closed, dawn);
    breaker.trip(dawn, "it cannot be reached");
    EXPECT_EQ(breaker.state(dawn), BreakerState::closed);
}

TEST(CircuitBreaker, what_a_person_forces_stays_until_a_person_ends_it) {
    CircuitBreaker breaker({});
    breaker.force(Forced::open, dawn);
    EXPECT_FALSE(breaker.admit(dawn + Duration::days(1)));
    breaker.force(Forced::closed, dawn);
    call(breaker, 100, false, dawn);
    EXPECT_EQ(breaker.state(dawn), BreakerState::closed);
    breaker.force(Forced::open, dawn);
    breaker.force(Forced::none, dawn);
    EXPECT_EQ(breaker.state(dawn), BreakerState::half_open) << "nobody knows how things are";
    call(breaker, 3, true, dawn);
    EXPECT_EQ(breaker.state(dawn), BreakerState::closed);
    EXPECT_EQ(breaker.history().front().why, "forced by an operator");
}

/// However calls end and time passes, an open one admits nothing, a half-open one at most three at
/// a time, and nothing is remembered without end.
RC_GTEST_PROP(CircuitBreaker, never_lets_out_more_than_its_state_allows,
              (std::vector<std::uint16_t> dice)) {
    CircuitBreaker breaker({}, dice.size());
    std::deque<std::pair<CircuitBreaker::Admission, BreakerState>> under_way;
    auto now = dawn;
    for (auto const die : dice) {
        now = now + Duration::milliseconds(die % 1000);
        auto const state = breaker.state(now);
        if (die % 3 != 0) {
            for (int n = 0; n < die % 40; ++n) {
                auto const admitted = breaker.admit(now);
                RC_ASSERT(!admitted || state != BreakerState::open);
                if (admitted)
                    under_way.emplace_back(*admitted, state);
            }
        }
        auto const tries = std::ranges::count_if(under_way, [&](auto const& each) {
            return each.second == BreakerState::half_open &&
                   breaker.state(now) == BreakerState::half_open &&
                   each.first.period == under_way.back().first.period;
        });
        RC_ASSERT(tries <= 3);
        for (int n = 0; n < die % 50 && !under_way.empty(); ++n) {
            breaker.ended(under_way.front().first, die % 7 < 3, quickly, now);
            under_way.pop_front();
        }
        RC_ASSERT(breaker.history().size() <= transitions_max);
    }
}

TEST(RetryBudget, a_fifth_of_the_calls_and_ten_a_second_may_be_repetitions) {
    RetryBudget budget;
    EXPECT_EQ(budget.tokens(dawn), 100);
    for (int n = 0; n < 50; ++n)
        budget.note_call(dawn);
    EXPECT_EQ(budget.tokens(dawn), 110);
    int repeated = 0;
    while (budget.try_repeat(dawn))
        ++repeated;
    EXPECT_EQ(repeated, 110);
    EXPECT_EQ(budget.refused(), 1U);
    auto const later = dawn + Duration::seconds(10);
    EXPECT_EQ(budget.tokens(later), 100) << "what was brought and used is both forgotten";
}

Downstream::Verdict begin(Downstream& to, Downstream::Call& call,
                          Downstream::Kind kind = Downstream::Kind::first, Duration now = dawn) {
    return to.begin(kind, now, call);
}

TEST(Downstream, no_more_are_under_way_than_may_be) {
    Downstream to({.in_flight_max = 2});
    Downstream::Call first{};
    Downstream::Call other{};
    EXPECT_EQ(begin(to, first), Downstream::Verdict::goes);
    EXPECT_EQ(begin(to, other), Downstream::Verdict::goes);
    EXPECT_EQ(begin(to, other), Downstream::Verdict::waits);
    to.ended(first, true, dawn);
    EXPECT_EQ(begin(to, other), Downstream::Verdict::goes);
    EXPECT_EQ(to.figures(dawn).in_flight, 2U);
}

TEST(Downstream, a_repetition_without_budget_does_not_go_out_and_first_calls_do) {
    Downstream to({.budget = {.percent = 0, .per_second = 0}});
    Downstream::Call call{};
    EXPECT_EQ(begin(to, call, Downstream::Kind::repetition), Downstream::Verdict::no_budget);
    EXPECT_EQ(to.figures(dawn).retries_refused, 1U);
    EXPECT_EQ(to.figures(dawn).in_flight, 0U);
    EXPECT_EQ(begin(to, call), Downstream::Verdict::goes);
}

TEST(Downstream, an_open_one_is_left_alone_and_says_for_how_long) {
    Downstream to({});
    Downstream::Call call{};
    for (int n = 0; n < 20; ++n) {
        ASSERT_EQ(begin(to, call), Downstream::Verdict::goes);
        to.ended(call, false, dawn);
    }
    EXPECT_EQ(begin(to, call), Downstream::Verdict::left_alone);
    auto const figures = to.figures(dawn);
    EXPECT_EQ(figures.state, BreakerState::open);
    EXPECT_GE(figures.rests_for, Duration::seconds(5));
    EXPECT_EQ(figures.history.size(), 1U);
    EXPECT_EQ(figures.openings, 1U);
}

} // namespace
} // namespace kontor::resilience
