#include "platform/resilience/circuit_breaker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::resilience {
namespace {

std::int64_t second_at(Duration now) {
    return now.in_milliseconds() / 1000;
}

} // namespace

std::optional<CircuitBreaker::Admission> CircuitBreaker::admit(Duration now) {
    if (!may_admit(now))
        return std::nullopt;
    if (state_ == BreakerState::half_open)
        ++trying_;
    return Admission{period_};
}

bool CircuitBreaker::may_admit(Duration now) {
    switch (state(now)) {
    case BreakerState::closed: return true;
    case BreakerState::half_open: return trying_ + succeeded_ < rules_.tries;
    case BreakerState::open: return false;
    }
    KONTOR_UNREACHABLE();
}

BreakerState CircuitBreaker::state(Duration now) {
    if (state_ == BreakerState::open && forced_ == Forced::none && now >= rests_until_) {
        trying_ = 0;
        succeeded_ = 0;
        go(BreakerState::half_open, now, "the rest is over: a few may try");
    }
    return state_;
}

void CircuitBreaker::ended(Admission admission, bool is_good, Duration took, Duration now) {
    if (admission.period != period_)
        return;
    bool const is_slow = took > rules_.slow;
    bool const is_bad = !is_good || is_slow;
    auto& second = second_of(now);
    ++second.calls;
    second.bad += is_bad ? 1 : 0;
    if (forced_ != Forced::none)
        return;
    if (state_ == BreakerState::half_open) {
        --trying_;
        if (is_bad)
            return open(now, is_good ? "a try was answered slowly" : "a try went badly");
        if (++succeeded_ == rules_.tries)
            close(now, fmt::format("{} tries in a row went well", succeeded_));
        return;
    }
    auto const all = calls(now);
    auto const bad_ones = bad(now);
    if (all >= rules_.calls_min && bad_ones * 100 >= all * rules_.bad_percent_max)
        open(now, fmt::format("{} of {} calls went badly or were slow", bad_ones, all));
}

void CircuitBreaker::trip(Duration now, std::string why) {
    if (forced_ != Forced::none || state(now) == BreakerState::open)
        return;
    open(now, std::move(why));
    rests_from_ = now - rules_.rest_min;
}

void CircuitBreaker::encourage(Duration now) {
    if (state_ == BreakerState::open)
        rests_until_ = std::min(rests_until_, std::max(now, rests_from_ + rules_.rest_min));
}

void CircuitBreaker::force(Forced forced, Duration now) {
    forced_ = forced;
    switch (forced) {
    case Forced::open:
        if (state_ != BreakerState::open)
            go(BreakerState::open, now, "forced by an operator");
        return;
    case Forced::closed:
        rest_ = {};
        if (state_ != BreakerState::closed)
            go(BreakerState::closed, now, "forced by an operator");
        return;
    case Forced::none:
        // Nothing is known of how things are now.
        if (state_ == BreakerState::open)
            rests_until_ = now;
        return;
    }
    KONTOR_UNREACHABLE();
}

/// The dice keep several who were hurt by the same from coming back at one moment.
void CircuitBreaker::open(Duration now, std::string why) {
    rest_ = rest_ == Duration()
                ? rules_.rest_min
                : std::min(rules_.rest_max, Duration::microseconds(2 * rest_.in_microseconds()));
    auto const spread = static_cast<std::uint64_t>(rest_.in_microseconds() / 5);
    rests_from_ = now;
    rests_until_ =
        now + rest_ + Duration::microseconds(static_cast<std::int64_t>(dice_.below(spread + 1)));
    go(BreakerState::open, now, std::move(why));
}

void CircuitBreaker::close(Duration now, std::string why) {
    rest_ = {};
    go(BreakerState::closed, now, std::move(why));
}

/// What is counted is of the state it was counted in.
void CircuitBreaker::go(BreakerState to, Duration now, std::string why) {
    history_.push_back({now, state_, to, std::move(why)});
    if (history_.size() > transitions_max)
        history_.pop_front();
    openings_ += to == BreakerState::open ? 1 : 0;
    state_ = to;
    ++period_;
    seconds_ = {};
}

CircuitBreaker::Second& CircuitBreaker::second_of(Duration now) {
    auto const number = second_at(now);
    auto& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
    if (second.number != number)
        second = {number};
    return second;
}

std::uint32_t CircuitBreaker::sum(Duration now, std::uint32_t Second::* count) const {
    auto const oldest = second_at(now) - window_seconds + 1;
    std::uint32_t total = 0;
    for (auto const& second : seconds_)
        total += second.number >= oldest ? second.*count : 0;
    return total;
}

std::uint32_t CircuitBreaker::calls(Duration now) const {
    return sum(now, &Second::calls);
}

std::uint32_t CircuitBreaker::bad(Duration now) const {
    return sum(now, &Second::bad);
}

} // namespace kontor::resilience
