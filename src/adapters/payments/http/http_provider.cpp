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
    auto key = std::move(options.key);
    std::unique_ptr<HttpProvider> provider(
        new HttpProvider(std::move(options), clock, std::move(wire)));
    provider->use_key(std::move(key));
    return provider;
}

curl::HttpCall HttpProvider::http_call(ports::ProviderCall const& call) const {
    auto request = request_of(call);
    curl::HttpCall made{
        std::move(request.method), options_.url + request.path, {}, std::move(request.body)};
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
            call.headers.emplace_back("Authorization", "Bearer " + key());
            sent_.emplace(++tickets_, asked);
            wire_->start(tickets_, std::move(call));
        }
        waiting_.pop_front();
    }
    if (options_.probes && !probe_ && now >= probe_at_ && wire_->has_room())
        probe(now);
    ended_.clear();
    wire_->collect(ended_);
    for (auto& ended : ended_)
        take(ended);
    std::lock_guard const guard(mutex_);
    health_.unanswered = unanswered();
    health_.is_left_alone = now < rests_until_;
}

/// Asks for a call that never was: the answer says nothing but that somebody answers.
void HttpProvider::probe(Duration now) {
    auto call = http_call({{}, {}, ports::FindCall{}});
    call.within = probe_within;
    call.headers.emplace_back("Authorization", "Bearer " + key());
    probe_ = ++tickets_;
    probe_at_ = now + probe_after;
    wire_->start(*probe_, std::move(call));
}

/// What an answer shows of the provider.
void HttpProvider::note(Result<curl::HttpAnswer> const& answer) {
    constexpr std::uint16_t unauthorized = 401;
    constexpr std::uint16_t forbidden = 403;
    constexpr std::uint16_t errors_from = 500;
    auto const now = clock_.monotonic();
    bool const refuses_key =
        answer && (answer->status == unauthorized || answer->status == forbidden);
    bool const is_good = answer && !refuses_key && answer->status < errors_from;
    failures_in_a_row_ = is_good ? 0 : failures_in_a_row_ + 1;
    bool const is_down = refuses_key || failures_in_a_row_ >= failures_until_down ||
                         (!answer && answer.error().kind == FailureKind::unavailable);
    std::lock_guard const guard(mutex_);
    health_.failures += is_good ? 0 : 1;
    bool const was_up = health_.is_up;
    if (is_good || is_down)
        health_.is_up = is_good;
    if (health_.is_up != was_up)
        health_.since = now;
    if (health_.is_up)
        health_.why.clear();
    else if (is_down)
        health_.why = refuses_key ? "it refuses our key"
                      : !answer   ? answer.error().what
                                  : "it answers with errors of its own";
    probe_at_ = now + (health_.is_up ? probe_after : probe_down_every);
}

ProviderHealth HttpProvider::health() const {
    std::lock_guard const guard(mutex_);
    return health_;
}

void HttpProvider::use_key(std::string key) {
    std::lock_guard const guard(mutex_);
    key_ = std::move(key);
}

std::string HttpProvider::key() const {
    std::lock_guard const guard(mutex_);
    return key_;
}

void HttpProvider::take(curl::HttpCalls::Ended& ended) {
    note(ended.answer);
    if (probe_ == ended.ticket) {
        probe_.reset();
        return;
    }
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
