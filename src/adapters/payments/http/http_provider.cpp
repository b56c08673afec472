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
    constexpr std::size_t and_a_probe = 1;
    KONTOR_TRY(auto wire, curl::HttpCalls::open(clock, at_once_max + and_a_probe));
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
    {
        std::lock_guard const guard(mutex_);
        if (guard_.state(now) == resilience::BreakerState::open)
            return unexpected(Failure{FailureKind::unavailable,
                                      "the provider answers badly, and is left alone",
                                      options_.url});
    }
    using enum resilience::Downstream::Kind;
    for (auto const& call : calls)
        waiting_.push_back(
            {{call.key, call.payment_id},
             http_call(call),
             now + ports::provider_timeout,
             std::holds_alternative<ports::FindCall>(call.call) ? repetition : first});
    move_bytes();
    return {};
}

/// Sends what has its turn, and takes what has come.
void HttpProvider::move_bytes() {
    auto const now = clock_.monotonic();
    while (!waiting_.empty() && send_next(now))
        waiting_.pop_front();
    if (options_.probes && !probe_ && now >= probe_at_ && wire_->has_room())
        probe(now);
    ended_.clear();
    wire_->collect(ended_);
    for (auto& ended : ended_)
        take(ended);
    tell_changes();
    std::lock_guard const guard(mutex_);
    health_.unanswered = unanswered();
    health_.is_left_alone = guard_.state(now) == resilience::BreakerState::open;
}

/// True: the first of those that wait was sent, or answered without.
bool HttpProvider::send_next(Duration now) {
    using Verdict = resilience::Downstream::Verdict;
    auto& [asked, call, until, kind] = waiting_.front();
    if (until <= now) {
        answer(asked, ports::Unknown{UnknownCause::timed_out});
        return true;
    }
    resilience::Downstream::Call guarded{};
    auto const verdict = [&] {
        std::lock_guard const guard(mutex_);
        return guard_.begin(kind, now, guarded);
    }();
    if (verdict == Verdict::no_budget) { // the book is asked again later
        answer(asked, ports::Unknown{UnknownCause::connection_reset});
        return true;
    }
    if (verdict != Verdict::goes)
        return false;
    call.within = until - now;
    call.headers.emplace_back("Authorization", "Bearer " + key());
    sent_.emplace(++tickets_, Sent{asked, guarded});
    wire_->start(tickets_, std::move(call));
    return true;
}

void HttpProvider::tell_changes() {
    {
        std::lock_guard const guard(mutex_);
        if (guard_.transitions(clock_.monotonic()) == changes_told_)
            return;
    }
    auto const now = figures();
    auto const fresh = std::min<std::uint64_t>(now.transitions - changes_told_, now.history.size());
    changes_told_ = now.transitions;
    if (told_)
        std::for_each(now.history.end() - static_cast<std::ptrdiff_t>(fresh), now.history.end(),
                      told_);
}

resilience::DownstreamFigures HttpProvider::figures() const {
    std::lock_guard const guard(mutex_);
    return guard_.figures(clock_.monotonic());
}

void HttpProvider::force(resilience::Forced forced) {
    std::lock_guard const guard(mutex_);
    guard_.force(forced, clock_.monotonic());
}

/// Asks for a call that never was: the answer says nothing but that somebody answers. Where the
/// breaker lets some try, this is one that costs nobody anything.
void HttpProvider::probe(Duration now) {
    using enum resilience::Downstream::Kind;
    {
        std::lock_guard const guard(mutex_);
        resilience::Downstream::Call call{};
        if (guard_.state(now) == resilience::BreakerState::half_open) {
            if (guard_.begin(first, now, call) != resilience::Downstream::Verdict::goes)
                return;
            trying_ = call;
        }
    }
    auto call = http_call({{}, {}, ports::FindCall{}});
    call.within = probe_within;
    call.headers.emplace_back("Authorization", "Bearer " + key());
    probe_ = ++tickets_;
    probe_at_ = now + probe_after;
    wire_->start(*probe_, std::move(call));
}

/// What an answer shows of the provider. True: it was a good one, whatever it says.
bool HttpProvider::note(Result<curl::HttpAnswer> const& answer) {
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
    bool const is_gone =
        refuses_key || (!answer && answer.error().kind == FailureKind::unavailable);
    if (is_gone)
        guard_.trip(now, health_.why);
    if (is_good)
        guard_.encourage(now);
    if (guard_.state(now) == resilience::BreakerState::half_open)
        probe_at_ = now;
    return is_good;
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
    bool const is_good = note(ended.answer);
    auto const guard_hears = [&](resilience::Downstream::Call const& call) {
        std::lock_guard const guard(mutex_);
        guard_.ended(call, is_good, clock_.monotonic());
    };
    if (probe_ == ended.ticket) {
        probe_.reset();
        if (trying_)
            guard_hears(*trying_);
        trying_.reset();
        return;
    }
    auto const found = sent_.find(ended.ticket);
    KONTOR_ASSERT(found != sent_.end(), "the call {} ends twice", ended.ticket);
    guard_hears(found->second.call);
    answer(found->second.asked, outcome_of(ended.answer));
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
