#include "adapters/payments/http/http_provider.hpp"

#include "adapters/payments/http/wire.hpp"

#include <algorithm>

namespace kontor::payments {

using ports::UnknownCause;

namespace {

ports::ProviderOutcome outcome_of(Result<curl::HttpAnswer> const& answer) {
    if (!answer)
        return ports::Unknown{answer.error().kind == FailureKind::timed_out
                                  ? UnknownCause::timed_out
                                  : UnknownCause::connection_reset};
    constexpr std::uint16_t ok = 200;
    constexpr std::uint16_t gateway_timeout = 504;
    if (answer->status == gateway_timeout)
        return ports::Unknown{UnknownCause::timed_out};
    auto outcome = answer->status == ok ? outcome_in(answer->body)
                                        : Result<ports::ProviderOutcome>(ports::ProviderOutcome());
    // Whatever else it says is no definite answer, and the book is asked.
    if (answer->status != ok || !outcome)
        return ports::Unknown{UnknownCause::server_error};
    return *std::move(outcome);
}

} // namespace

Result<std::unique_ptr<HttpProvider>> HttpProvider::open(HttpProviderOptions options,
                                                         Clock& clock) {
    KONTOR_TRY(auto wire, curl::HttpCalls::open(clock, at_once_max));
    return std::unique_ptr<HttpProvider>(
        new HttpProvider(std::move(options), clock, std::move(wire)));
}

curl::HttpCall HttpProvider::http_call(ports::ProviderCall const& call) const {
    auto request = request_of(call);
    curl::HttpCall made{std::move(request.method),
                        options_.url + request.path,
                        {{"Authorization", "Bearer " + options_.key}},
                        std::move(request.body)};
    if (!made.body.empty())
        made.headers.emplace_back("Content-Type", "application/json");
    if (!std::holds_alternative<ports::FindCall>(call.call))
        made.headers.emplace_back("Idempotency-Key", call.key.value().to_string());
    return made;
}

Result<void> HttpProvider::start(std::span<ports::ProviderCall const> calls) {
    auto const now = clock_.monotonic();
    if (unanswered() + calls.size() > ports::provider_calls_max)
        return unexpected(Failure{FailureKind::full, "too many calls wait for the provider"});
    if (now < rests_until_)
        return unexpected(
            Failure{FailureKind::unavailable, "the provider cannot be reached", options_.url});
    for (auto const& call : calls)
        waiting_.push_back(
            {{call.key, call.payment_id}, http_call(call), now + ports::provider_timeout});
    move_bytes();
    return {};
}

/// Sends what has its turn, and takes what has come.
void HttpProvider::move_bytes() {
    auto const now = clock_.monotonic();
    while (!waiting_.empty() && (waiting_.front().until <= now || wire_->has_room())) {
        auto& [asked, call, until] = waiting_.front();
        if (until <= now) {
            answer(asked, ports::Unknown{UnknownCause::timed_out});
        } else {
            call.within = until - now;
            sent_.emplace(++tickets_, asked);
            wire_->start(tickets_, std::move(call));
        }
        waiting_.pop_front();
    }
    ended_.clear();
    wire_->collect(ended_);
    for (auto& ended : ended_)
        take(ended);
}

void HttpProvider::take(curl::HttpCalls::Ended& ended) {
    auto const found = sent_.find(ended.ticket);
    KONTOR_ASSERT(found != sent_.end(), "the call {} ends twice", ended.ticket);
    if (!ended.answer && ended.answer.error().kind == FailureKind::unavailable)
        rests_until_ = clock_.monotonic() + rest;
    answer(found->second, outcome_of(ended.answer));
    sent_.erase(found);
}

void HttpProvider::answer(Asked const& asked, ports::ProviderOutcome outcome) {
    answers_.push_back(
        {asked.key, asked.payment_id, ports::OutcomeSource::answer, std::move(outcome)});
}

Result<std::size_t> HttpProvider::collect(std::size_t up_to,
                                          std::vector<ports::ProviderAnswer>& answers) {
    move_bytes();
    auto const count = std::min(up_to, answers_.size());
    for (std::size_t i = 0; i < count; ++i) {
        answers.push_back(std::move(answers_.front()));
        answers_.pop_front();
    }
    return count + webhooks_.collect(up_to - count, answers);
}

Result<void> HttpProvider::receipt(std::span<std::uint64_t const> deliveries) {
    webhooks_.receipt(deliveries);
    return {};
}

} // namespace kontor::payments
