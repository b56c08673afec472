#pragma once

/// ProviderExchange: the sandbox provider behind the edge. Requests become calls, outcomes become
/// answers, and what the provider reports by itself goes out as webhooks. A token that stands for
/// silence gets silence.
///
/// Invariants: 1. Nothing is answered, and nothing done, without the key.
///             2. The book has at most `payments_max` payments; then new ones are refused.
/// Thread: the edge's.

#include "adapters/payments/sandbox.hpp"
#include "programs/sandbox/webhook_sender.hpp"
#include "services/gateway/seams/exchange.hpp"

#include <map>

namespace kontor::programs {

class ProviderExchange final : public services::Exchange {
public:
    static constexpr std::size_t payments_max = 1'000'000;
    /// Payments that one look at the book shows; the newest.
    static constexpr std::size_t rows_max = 1'000;

    /// Without a sender nobody is told what the provider reports. Both outlive the exchange.
    ProviderExchange(payments::Sandbox& sandbox, std::string key, WebhookSender* sender)
        : sandbox_(sandbox), key_(std::move(key)), sender_(sender) {}

    void start(services::Ticket ticket, services::Request const& request) override;
    void collect(std::vector<services::Answered>& answers) override;
    void abandon(services::Ticket ticket) override;

    /// Calls whose callers wait.
    std::size_t waiting() const { return keys_.size(); }

private:
    services::Reply refuse_or_start(services::Ticket ticket, services::Request const& request);
    void answer(ports::ProviderAnswer const& came);
    services::Reply book() const;

    payments::Sandbox& sandbox_;
    std::string key_;
    WebhookSender* sender_;
    std::map<Id128, std::vector<services::Ticket>> waiting_; ///< by the key of their call
    std::map<std::uint64_t, Id128> keys_;                    ///< by ticket
    std::vector<services::Answered> answered_;
    std::vector<ports::ProviderAnswer> came_;
    std::vector<std::uint64_t> receipts_;
};

} // namespace kontor::programs
