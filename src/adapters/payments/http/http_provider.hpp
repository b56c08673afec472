#pragma once

/// HttpProvider: a payment provider that runs as a process of its own and is asked over HTTP. Calls
/// are many at once and wait for nobody; bytes move when somebody starts or collects.
///
/// Invariants: 1. Each started call ends in one answer: the provider's; or Unknown, when
///                `provider_timeout` has passed, the connection broke, or the provider answered
///                with an error. A call that never left counts likewise.
///             2. Calls leave in the sequence in which they were started.
///             3. Whoever answers badly or slowly is left alone for a while: a breaker says when,
///                and a budget how many calls may be repetitions. A declined card is a good answer.
///             4. How the provider is shows in `health` also while nobody pays: whoever is silent
///                is asked now and then for a call that never was.
/// Thread: one; `webhooks`, `health`, `figures`, `force` and `use_key` from any.

#include "adapters/curl/http_calls.hpp"
#include "adapters/payments/http/webhook_inbox.hpp"
#include "platform/resilience/downstream.hpp"
#include "ports/payment_provider.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace kontor::payments {

/// Where the provider answers, and the key that opens it.
struct HttpProviderOptions {
    std::string url{}; ///< "http://127.0.0.1:8070", without a slash at its end
    std::string key{};
    bool probes{false}; ///< ask now and then whether it is there, while nobody else asks
    resilience::DownstreamRules rules{
        .breaker = {.slow = Duration::microseconds(ports::provider_timeout.in_microseconds() / 2)}};
    std::uint64_t seed{1}; ///< of the dice that spread rests
};

/// How a provider is, as its answers show it.
struct ProviderHealth {
    bool is_up{true};
    std::string why{};         ///< it is not
    Duration since{};          ///< on the monotonic clock: when it became so
    bool is_left_alone{false}; ///< nothing new is taken for a while
    std::uint64_t failures{0}; ///< calls without an answer, or with an error of its own
    std::size_t unanswered{0}; ///< calls that wait
};

class HttpProvider final : public ports::PaymentProvider {
public:
    /// Calls that are on the wire at one time; others wait for their turn.
    /// Source: RELIABILITY section 8, bulkhead.
    static constexpr std::size_t at_once_max = resilience::in_flight_max;
    /// So many calls in a row without a good answer, and it counts as down; at once when it cannot
    /// be reached or does not take the key.
    static constexpr int failures_until_down = 3;
    /// A provider is asked whether it is there when nothing good was heard for so long.
    static constexpr Duration probe_after = Duration::seconds(10);
    static constexpr Duration probe_down_every = Duration::seconds(1);
    static constexpr Duration probe_within = Duration::seconds(2);

    /// The clock outlives the provider.   Errors: unavailable (the library cannot be used).
    static Result<std::unique_ptr<HttpProvider>> open(HttpProviderOptions options, Clock& clock);

    Result<void> start(std::span<ports::ProviderCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override;
    Result<void> receipt(std::span<std::uint64_t const> deliveries) override;

    WebhookInbox& webhooks() { return webhooks_; }

    ProviderHealth health() const;
    /// How calls are guarded, as it stands now.
    resilience::DownstreamFigures figures() const;
    void force(resilience::Forced forced);
    /// Hears of each change of the breaker, on the thread that starts and collects.
    /// Requires: before the first call.
    void tell(std::function<void(resilience::Transition const&)> told) { told_ = std::move(told); }
    /// Opens the provider from the next call on.
    void use_key(std::string key);

    /// Calls that have no answer yet, and those of them that are on the wire.
    std::size_t unanswered() const { return waiting_.size() + sent_.size(); }
    std::size_t sent() const { return sent_.size(); }

private:
    struct Asked {
        ports::ProviderKey key;
        PaymentId payment_id;
    };
    struct Waiting {
        Asked asked;
        curl::HttpCall call;
        Duration until;
        resilience::Downstream::Kind kind;
    };
    struct Sent {
        Asked asked;
        resilience::Downstream::Call call;
    };

    HttpProvider(HttpProviderOptions options, Clock& clock, std::unique_ptr<curl::HttpCalls> wire)
        : options_(std::move(options)), clock_(clock), wire_(std::move(wire)),
          probe_at_(clock.monotonic() + probe_down_every), guard_(options_.rules, options_.seed) {
        health_.since = clock.monotonic();
    }

    curl::HttpCall http_call(ports::ProviderCall const& call) const;
    void move_bytes();
    bool send_next(Duration now);
    void tell_changes();
    std::string key() const;
    void probe(Duration now);
    bool note(Result<curl::HttpAnswer> const& answer);
    void take(curl::HttpCalls::Ended& ended);
    void answer(Asked const& asked, ports::ProviderOutcome outcome);

    HttpProviderOptions options_;
    Clock& clock_;
    std::unique_ptr<curl::HttpCalls> wire_;
    WebhookInbox webhooks_;
    std::deque<Waiting> waiting_;
    std::unordered_map<std::uint64_t, Sent> sent_; ///< by their ticket
    std::deque<ports::ProviderAnswer> answers_;
    std::vector<curl::HttpCalls::Ended> ended_;
    std::uint64_t tickets_{0};
    std::optional<std::uint64_t> probe_{}; ///< the ticket of one that is on the wire
    std::optional<resilience::Downstream::Call> trying_{}; ///< that one, where it is a try
    Duration probe_at_;
    int failures_in_a_row_{0};
    std::uint64_t changes_told_{0};
    std::function<void(resilience::Transition const&)> told_{};
    mutable std::mutex mutex_;
    std::string key_;                      ///< guarded by `mutex_`
    ProviderHealth health_;                ///< likewise
    mutable resilience::Downstream guard_; ///< likewise
};

} // namespace kontor::payments
