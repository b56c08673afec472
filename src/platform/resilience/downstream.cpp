#include "platform/resilience/downstream.hpp"

#include "base/assert.hpp"

namespace kontor::resilience {

/// A token is taken by what really goes out, and by nothing else.
Downstream::Verdict Downstream::begin(Kind kind, Duration now, Call& call) {
    if (breaker_.state(now) == BreakerState::open)
        return Verdict::left_alone;
    if (in_flight_ >= rules_.in_flight_max || !breaker_.may_admit(now))
        return Verdict::waits;
    if (kind == Kind::repetition && !budget_.try_repeat(now))
        return Verdict::no_budget;
    if (kind == Kind::first)
        budget_.note_call(now);
    auto const admission = breaker_.admit(now);
    KONTOR_ASSERT(admission.has_value(), "what may be admitted is not");
    call = {*admission, now};
    ++in_flight_;
    return Verdict::goes;
}

void Downstream::ended(Call const& call, bool is_good, Duration now) {
    KONTOR_ASSERT(in_flight_ > 0, "a call ends that never began");
    --in_flight_;
    breaker_.ended(call.admission, is_good, now - call.began, now);
}

DownstreamFigures Downstream::figures(Duration now) {
    DownstreamFigures figures;
    figures.state = breaker_.state(now);
    figures.forced = breaker_.forced();
    figures.calls = breaker_.calls(now);
    figures.bad = breaker_.bad(now);
    bool const rests = figures.state == BreakerState::open && figures.forced == Forced::none;
    figures.rests_for = rests ? breaker_.rests_until() - now : Duration();
    figures.openings = breaker_.openings();
    figures.transitions = breaker_.transitions();
    figures.in_flight = in_flight_;
    figures.in_flight_max = rules_.in_flight_max;
    figures.retry_tokens = budget_.tokens(now);
    figures.retries_refused = budget_.refused();
    figures.history.assign(breaker_.history().begin(), breaker_.history().end());
    return figures;
}

} // namespace kontor::resilience
