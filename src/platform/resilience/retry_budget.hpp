#pragma once

/// RetryBudget: how many of the calls to somebody may be repetitions: a share of those that are
/// none, and a few more, so that little traffic can be repeated, too. When it is used up, repeating
/// fails at once: what is broken is not made worse by all who try again.
/// Thread: one.
/// Source: Finagle's RetryBudget; the figures of RELIABILITY section 8.

#include "base/instant.hpp"
#include "platform/resilience/limits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace kontor::resilience {

struct BudgetRules {
    std::uint32_t percent{20};    ///< of first calls
    std::uint32_t per_second{10}; ///< whatever the traffic
};

class RetryBudget {
public:
    explicit RetryBudget(BudgetRules const& rules = {}) : rules_(rules) {}

    /// A first call goes out.
    void note_call(Duration now) { ++second_of(now).calls; }
    /// Takes a token for a repetition. False: there is none, and that is counted.
    bool try_repeat(Duration now) {
        if (tokens(now) < 1) {
            ++refused_;
            return false;
        }
        ++second_of(now).repeats;
        return true;
    }

    /// What is left of what the last `window_seconds` brought.
    std::int64_t tokens(Duration now) const {
        auto const oldest = number_of(now) - window_seconds + 1;
        std::int64_t calls = 0;
        std::int64_t repeats = 0;
        for (auto const& second : seconds_)
            if (second.number >= oldest) {
                calls += second.calls;
                repeats += second.repeats;
            }
        return calls * rules_.percent / 100 + window_seconds * rules_.per_second - repeats;
    }
    std::uint64_t refused() const { return refused_; }

private:
    struct Second {
        std::int64_t number{-1};
        std::uint32_t calls{0};
        std::uint32_t repeats{0};
    };
    static std::int64_t number_of(Duration now) { return now.in_milliseconds() / 1000; }
    Second& second_of(Duration now) {
        auto const number = number_of(now);
        auto& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
        if (second.number != number)
            second = {number};
        return second;
    }

    BudgetRules rules_;
    std::array<Second, window_seconds> seconds_{};
    std::uint64_t refused_{0};
};

} // namespace kontor::resilience
