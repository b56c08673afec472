#include "tests/simulation/world/rough_provider.hpp"

#include <algorithm>

namespace kontor::simulation {

using ports::ProviderAnswer;
using ports::ProviderCall;

namespace {

Failure unreachable() {
    return {FailureKind::unavailable, "there is no way to the provider"};
}

} // namespace

/// Longer than anything stays in memory without becoming durable.
constexpr auto receipted_within = Duration::hours(3);

RoughProvider::~RoughProvider() {
    for (auto& report : reported_)
        if (clock_.monotonic() - report.at < receipted_within)
            late_.push_back({clock_.now() + Duration::minutes(7), std::move(report.answer)});
}

void RoughProvider::report(ProviderAnswer answer, std::vector<ProviderAnswer>& answers) {
    reported_.push_back({clock_.monotonic(), answer});
    answers.push_back(std::move(answer));
}

Result<void> RoughProvider::start(std::span<ProviderCall const> calls) {
    return life_.pass([&] { return start_all(calls); },
                      [&] { (void)start_all(calls.first(calls.size() / 2)); });
}

/// Whoever finds it away finds it away again until its time is over, or the world has healed.
bool RoughProvider::is_away() {
    if (chaos_.has(Ill::provider_away) && clock_.now() < away_until_)
        return true;
    if (!chaos_.strikes(Ill::provider_away))
        return false;
    auto const seconds = chaos_.dice(Ill::provider_away).between(1, 3600);
    away_until_ = clock_.now() + Duration::seconds(seconds);
    return true;
}

Result<void> RoughProvider::start_all(std::span<ProviderCall const> calls) {
    if (is_away())
        return unexpected(unreachable());
    if (chaos_.strikes(Ill::provider_full))
        return unexpected(Failure{FailureKind::full, "the provider is busy"});
    for (auto const& call : calls) {
        if (chaos_.strikes(Ill::call_lost)) {
            unknown_.push_back({clock_.now() + ports::provider_timeout,
                                {call.key, call.payment_id, ports::OutcomeSource::answer,
                                 ports::Unknown{ports::UnknownCause::connection_reset}}});
            continue;
        }
        KONTOR_TRY(provider_.start(std::span(&call, 1)));
        asked_.insert(call.key.value());
    }
    return {};
}

Result<std::size_t> RoughProvider::collect(std::size_t up_to,
                                           std::vector<ProviderAnswer>& answers) {
    auto const collect = [&] { return collect_all(up_to, answers); };
    return life_.pass(collect, [&] { (void)collect(); });
}

Result<std::size_t> RoughProvider::collect_all(std::size_t up_to,
                                               std::vector<ProviderAnswer>& answers) {
    if (is_away())
        return unexpected(unreachable());
    std::vector<ProviderAnswer> came;
    KONTOR_TRY(provider_.collect(up_to, came));
    auto const before = answers.size();
    for (auto* const waiting : {&late_, &unknown_})
        for (auto at = waiting->begin(); at != waiting->end();)
            if (at->at <= clock_.now()) {
                if (waiting == &late_)
                    report(std::move(at->answer), answers);
                else
                    answers.push_back(std::move(at->answer));
                at = waiting->erase(at);
            } else {
                ++at;
            }
    for (auto& answer : came)
        bring(std::move(answer), answers);
    return answers.size() - before;
}

void RoughProvider::bring(ProviderAnswer answer, std::vector<ProviderAnswer>& answers) {
    if (answer.source == ports::OutcomeSource::webhook) {
        if (chaos_.strikes(Ill::answer_twice))
            late_.push_back({clock_.now() + Duration::minutes(7), answer});
        report(std::move(answer), answers);
        return;
    }
    auto const asked = asked_.find(answer.key.value());
    if (asked == asked_.end())
        return; // whoever asked has died
    asked_.erase(asked);
    bool const is_lost = chaos_.strikes(Ill::answer_lost);
    bool const is_late = !is_lost && chaos_.strikes(Ill::answer_late);
    if (is_late) {
        auto const minutes = chaos_.dice(Ill::answer_late).between(1, 600);
        late_.push_back({clock_.now() + Duration::minutes(minutes), answer});
        late_.back().answer.source = ports::OutcomeSource::webhook;
    }
    if (is_lost || is_late)
        answer.outcome = ports::Unknown{ports::UnknownCause::timed_out};
    if (chaos_.strikes(Ill::answer_twice))
        answers.push_back(answer);
    answers.push_back(std::move(answer));
}

std::optional<Instant> RoughProvider::next_due() const {
    auto next = provider_.next_due();
    for (auto const* const waiting : {&std::as_const(late_), &unknown_})
        for (auto const& report : *waiting)
            if (!next || report.at < *next)
                next = report.at;
    return next;
}

} // namespace kontor::simulation
