#pragma once

/// CircuitBreaker: who answers badly, or too slowly, is left alone for a while, so that nobody
/// waits for what will not come and whoever is in trouble is not asked even more. After the rest a
/// few calls try; when they go well, everything does again, and else the rest doubles.
///
///   closed → open, when too much went badly → half_open, when the rest is over
///          → closed, when all tries went well; or open again, when one did not
///
/// A pure state machine: whoever uses it brings the time.   Thread: one.
/// Source: M. Nygard, Release It!, "Circuit Breaker"; the figures of RELIABILITY section 8.
///
/// Invariants: 1. In an open state nothing is admitted, in a half-open one at most `tries`.
///             2. What was admitted before the state changed says nothing about the new state.
///             3. What a person forced stays until a person ends it.

#include "base/describe.hpp"
#include "base/instant.hpp"
#include "base/random.hpp"
#include "platform/resilience/limits.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace kontor::resilience {

enum class BreakerState : std::uint8_t { closed, half_open, open };
BOOST_DESCRIBE_ENUM(BreakerState, closed, half_open, open)

/// What a person wants of it.
enum class Forced : std::uint8_t { none, open, closed };
BOOST_DESCRIBE_ENUM(Forced, none, open, closed)

struct BreakerRules {
    Duration slow{Duration::seconds(10)}; ///< an answer that takes longer counts as a bad one
    std::uint32_t calls_min{20};          ///< fewer in the window say nothing
    std::uint32_t bad_percent_max{50};    ///< as many opens it
    Duration rest_min{Duration::seconds(5)};
    Duration rest_max{Duration::seconds(60)};
    std::uint32_t tries{3};
};

/// Why the state changed, in words that a person reads.
struct Transition {
    Duration at;
    BreakerState from;
    BreakerState to;
    std::string why;
};

class CircuitBreaker {
public:
    /// Shown again when the call has ended.
    struct Admission {
        std::uint64_t period;
    };

    explicit CircuitBreaker(BreakerRules const& rules, std::uint64_t seed = 1)
        : rules_(rules), dice_(seed) {}

    /// Empty: the call may not go out now.
    std::optional<Admission> admit(Duration now);
    /// How an admitted call has ended. A refusal of the other side's rules is a good answer.
    void ended(Admission admission, bool is_good, Duration took, Duration now);

    /// The other side is not there at all: no share of calls need show it.
    void trip(Duration now, std::string why);
    /// Somebody looked, and was answered: a long rest ends, once it was as long as the shortest; at
    /// once, where nobody was there before.
    void encourage(Duration now);

    /// As it is at this moment: a rest may be over.
    BreakerState state(Duration now);
    /// Whether `admit` would say yes.
    bool may_admit(Duration now);

    void force(Forced forced, Duration now);
    Forced forced() const { return forced_; }

    /// Of the last `window`.
    std::uint32_t calls(Duration now) const;
    std::uint32_t bad(Duration now) const;
    /// When an open one lets some try.   Requires: it is open, and nobody forced it.
    Duration rests_until() const { return rests_until_; }
    /// The newest last, at most `transitions_max`.
    std::deque<Transition> const& history() const { return history_; }
    std::uint64_t openings() const { return openings_; }
    std::uint64_t transitions() const { return period_; }

private:
    struct Second {
        std::int64_t number{-1};
        std::uint32_t calls{0};
        std::uint32_t bad{0};
    };
    using Seconds = std::array<Second, window_seconds>;

    Second& second_of(Duration now);
    std::uint32_t sum(Duration now, std::uint32_t Second::* count) const;
    void go(BreakerState to, Duration now, std::string why);
    void open(Duration now, std::string why);
    void close(Duration now, std::string why);

    BreakerRules rules_;
    Random dice_;
    BreakerState state_{BreakerState::closed};
    Forced forced_{Forced::none};
    std::uint64_t period_{0}; ///< counts the states
    Seconds seconds_{};
    Duration rest_{};
    Duration rests_from_{};
    Duration rests_until_{};
    std::uint32_t trying_{0};
    std::uint32_t succeeded_{0};
    std::uint64_t openings_{0};
    std::deque<Transition> history_;
};

} // namespace kontor::resilience
