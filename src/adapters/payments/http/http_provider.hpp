#pragma once

/// HttpProvider: a payment provider that runs as a process of its own and is asked over HTTP. Calls
/// are many at once and wait for nobody; bytes move when somebody starts or collects.
///
/// Invariants: 1. Each started call ends in one answer: the provider's; or Unknown, when
///                `provider_timeout` has passed, the connection broke, or the provider answered
///                with an error. A call that never left counts likewise.
///             2. Calls leave in the sequence in which they were started.
/// Thread: one; `webhooks` from any.

#include "adapters/curl/http_calls.hpp"
#include "adapters/payments/http/webhook_inbox.hpp"
#include "ports/payment_provider.hpp"

#include <memory>
#include <unordered_map>

namespace kontor::payments {

/// Where the provider answers, and the key that opens it.
struct HttpProviderOptions {
    std::string url{}; ///< "http://127.0.0.1:8070", without a slash at its end
    std::string key{};
};

class HttpProvider final : public ports::PaymentProvider {
public:
    /// Calls that are on the wire at one time; others wait for their turn.
    /// Source: RELIABILITY section 8, bulkhead.
    static constexpr std::size_t at_once_max = 25;
    /// How long nothing new is taken after the provider could not be reached.
    static constexpr Duration rest = Duration::milliseconds(500);

    /// The clock outlives the provider.   Errors: unavailable (the library cannot be used).
    static Result<std::unique_ptr<HttpProvider>> open(HttpProviderOptions options, Clock& clock);

    Result<void> start(std::span<ports::ProviderCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override;
    Result<void> receipt(std::span<std::uint64_t const> deliveries) override;

    WebhookInbox& webhooks() { return webhooks_; }

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
    };

    HttpProvider(HttpProviderOptions options, Clock& clock, std::unique_ptr<curl::HttpCalls> wire)
        : options_(std::move(options)), clock_(clock), wire_(std::move(wire)) {}

    curl::HttpCall http_call(ports::ProviderCall const& call) const;
    void move_bytes();
    void take(curl::HttpCalls::Ended& ended);
    void answer(Asked const& asked, ports::ProviderOutcome outcome);

    HttpProviderOptions options_;
    Clock& clock_;
    std::unique_ptr<curl::HttpCalls> wire_;
    WebhookInbox webhooks_;
    std::deque<Waiting> waiting_;
    std::unordered_map<std::uint64_t, Asked> sent_; ///< by their ticket
    std::deque<ports::ProviderAnswer> answers_;
    std::vector<curl::HttpCalls::Ended> ended_;
    std::uint64_t tickets_{0};
    Duration rests_until_{};
};

} // namespace kontor::payments
