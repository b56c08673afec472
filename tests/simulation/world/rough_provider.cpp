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

/// It stays until it is receipted, and has one number however often it comes.
void RoughProvider::report_late(Duration after, ProviderAnswer answer) {
    answer.source = ports::OutcomeSource::webhook;
    answer.delivery = late_deliveries_from + chaos_.next_number();
    late_.push_back({clock_.now() + after, std::move(answer)});
}

Result<void> RoughProvider::receipt(std::span<std::uint64_t const> deliveries) {
    auto const receipt = [&]() -> Result<void> {
        if (is_away())
            return unexpected(unreachable());
        std::erase_if(late_, [&](LateReport const& report) {
            return std::ranges::find(deliveries, report.answer.delivery) != deliveries.end();
        });
        return provider_.receipt(deliveries);
    };
    return life_.pass(receipt,
                      [&] { (void)provider_.receipt(deliveries.first(deliveries.size() / 2)); });
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
    bring_late(answers);
    for (auto at = unknown_.begin(); at != unknown_.end();)
        if (at->at <= clock_.now()) {
            answers.push_back(std::move(at->answer));
            at = unknown_.erase(at);
        } else {
            ++at;
        }
    for (auto& answer : came)
        bring(std::move(answer), answers);
    return answers.size() - before;
}

void RoughProvider::bring_late(std::vector<ProviderAnswer>& answers) {
    for (auto& report : late_)
        if (report.at <= clock_.now()) {
            answers.push_back(report.answer);
            report.at = clock_.now() + Duration::minutes(7);
        }
}

void RoughProvider::bring(ProviderAnswer answer, std::vector<ProviderAnswer>& answers) {
    if (answer.source == ports::OutcomeSource::webhook) {
        if (chaos_.strikes(Ill::answer_twice))
            report_late(Duration::minutes(7), answer);
        answers.push_back(std::move(answer));
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
        report_late(Duration::minutes(minutes), answer);
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
