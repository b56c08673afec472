#pragma once

/// Downstream: all that guards the calls to one whom we ask: a breaker, a budget for repetitions,
/// and how many may be under way at once, so that one who is slow takes nothing from the others.
/// Thread: one.   Source: RELIABILITY section 8.

#include "platform/resilience/circuit_breaker.hpp"
#include "platform/resilience/retry_budget.hpp"

#include <string>
#include <vector>

namespace kontor::resilience {

struct DownstreamRules {
    BreakerRules breaker{};
    BudgetRules budget{};
    std::size_t in_flight_max{resilience::in_flight_max};
};

/// How it stands with one of them.
struct DownstreamFigures {
    BreakerState state{BreakerState::closed};
    Forced forced{Forced::none};
    std::uint32_t calls{0}; ///< that ended in the last `window_seconds` …
    std::uint32_t bad{0};   ///< … and those of them that went badly or were slow
    Duration rests_for{};   ///< of an open one: until some may try
    std::uint64_t openings{0};
    std::uint64_t transitions{0};
    std::size_t in_flight{0};
    std::size_t in_flight_max{0};
    std::int64_t retry_tokens{0};
    std::uint64_t retries_refused{0};
    std::vector<Transition> history{}; ///< the newest last
};

class Downstream {
public:
    enum class Kind : std::uint8_t { first, repetition };
    enum class Verdict : std::uint8_t {
        goes,
        waits,      ///< for its turn, or for a try to end
        left_alone, ///< the breaker is open
        no_budget   ///< it is a repetition, and there were enough
    };
    /// Shown again when the call has ended.
    struct Call {
        CircuitBreaker::Admission admission;
        Duration began;
    };

    explicit Downstream(DownstreamRules const& rules, std::uint64_t seed = 1)
        : rules_(rules), breaker_(rules.breaker, seed), budget_(rules.budget) {}

    /// Whether a call may go out, and the ticket of one that does.
    Verdict begin(Kind kind, Duration now, Call& call);
    /// A refusal by the other side's rules is a good answer.
    void ended(Call const& call, bool is_good, Duration now);

    BreakerState state(Duration now) { return breaker_.state(now); }
    /// How often the breaker has changed.
    std::uint64_t transitions(Duration now) {
        breaker_.state(now);
        return breaker_.transitions();
    }
    void trip(Duration now, std::string why) { breaker_.trip(now, std::move(why)); }
    void encourage(Duration now) { breaker_.encourage(now); }
    void force(Forced forced, Duration now) { breaker_.force(forced, now); }
    DownstreamFigures figures(Duration now);

private:
    DownstreamRules rules_;
    CircuitBreaker breaker_;
    RetryBudget budget_;
    std::size_t in_flight_{0};
};

} // namespace kontor::resilience
