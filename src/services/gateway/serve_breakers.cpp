#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/node_answers.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/seams/node_desk.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// The same moment on the clock of people.
Instant instant_of(Duration at, BreakerStanding const& breaker, Instant now) {
    return now - (breaker.measured_at - at);
}

BreakerAnswer answer_of(BreakerStanding const& breaker, Instant now) {
    auto const& figures = breaker.figures;
    BreakerAnswer answer{};
    answer.name = breaker.name;
    answer.state = figures.state;
    answer.forced = figures.forced;
    answer.calls = figures.calls;
    answer.bad = figures.bad;
    if (figures.rests_for > Duration())
        answer.rests_ms = figures.rests_for.in_milliseconds();
    answer.openings = figures.openings;
    answer.in_flight = figures.in_flight;
    answer.in_flight_max = figures.in_flight_max;
    answer.retry_tokens = figures.retry_tokens;
    answer.retries_refused = figures.retries_refused;
    for (auto const& [at, from, to, why] : figures.history)
        answer.history.push_back({instant_of(at, breaker, now), from, to, why});
    return answer;
}

Result<BreakerAnswer, Trouble> breaker_called(Parts const& parts, std::string_view name,
                                              Instant now) {
    auto const all =
        parts.node == nullptr ? std::vector<BreakerStanding>() : parts.node->breakers();
    auto const found = std::ranges::find(all, name, &BreakerStanding::name);
    if (found == all.end())
        return unexpected(trouble("not_found", "the shop asks nobody of this name"));
    return answer_of(*found, now);
}

Served force(Parts& parts, Asked& asked, resilience::Forced forced) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const before, breaker_called(parts, asked.path[0], asked.now));
    auto const effect = [&parts, name = asked.path[0], now = asked.now,
                         forced]() -> Result<Reply, Trouble> {
        KONTOR_TRY(or_trouble(parts.node->force_breaker(name, forced)));
        KONTOR_TRY(auto const after, breaker_called(parts, name, now));
        return json_reply(200, after);
    };
    return after_note(asked, {codec::to_json(before), std::nullopt, effect});
}

} // namespace

namespace code {

Served list_breakers(Parts& parts, Asked& asked) {
    if (parts.node == nullptr)
        return unexpected(trouble("unsupported"));
    std::vector<BreakerAnswer> answers;
    for (auto const& each : parts.node->breakers())
        answers.push_back(answer_of(each, asked.now));
    return Answer(list_reply(answers));
}

Served show_breaker(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const answer, breaker_called(parts, asked.path[0], asked.now));
    return Answer(json_reply(200, answer));
}

Served open_breaker(Parts& parts, Asked& asked) {
    return force(parts, asked, resilience::Forced::open);
}

Served close_breaker(Parts& parts, Asked& asked) {
    return force(parts, asked, resilience::Forced::closed);
}

Served free_breaker(Parts& parts, Asked& asked) {
    return force(parts, asked, resilience::Forced::none);
}

} // namespace code
} // namespace kontor::services::gateway
