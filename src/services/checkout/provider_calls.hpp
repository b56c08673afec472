#pragma once

/// ProviderCalls: what the order process asks of the payment provider, as calls with their keys,
/// and what comes back, as outcomes to record. Nothing is stored before a call: the step in the log
/// and the derived key make it repeatable. A provider that cannot be reached stops nobody: calls
/// wait, and it is asked again after a rest.
/// Source: DOMAIN sections 6 and 9.   Thread: the runner's.

#include "base/clock.hpp"
#include "domain/checkout/commands.hpp"
#include "ports/payment_provider.hpp"
#include "services/checkout/rest.hpp"
#include "services/shop/work.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kontor::services {

/// What one payment is about, as far as its calls and outcomes need it.
struct KnownPayment {
    OrderId order_id;
    std::uint16_t attempt{1};
    payment::Initiator initiator{payment::Initiator::customer};
    payment::VoidReason void_reason{payment::VoidReason::order_closed};
    std::vector<std::pair<CaptureId, FulfilmentId>> parcels{};
    std::vector<payment::RefundPending> refunds{};
    std::vector<ports::ProviderKey> keys{}; ///< of its calls
};

/// A call that was made and not answered.
struct AskedCall {
    payment::OperationKind operation{payment::OperationKind::authorise};
    Id128 operation_id{};
    Money amount{};
    std::optional<checkout::IfNothingFound> if_nothing{}; ///< present: a look into the book
};

/// An outcome that shall be recorded.
struct PaymentOutcome {
    OrderId order_id;
    PaymentId payment_id;
    payment::Command record;
    std::uint64_t delivery{0}; ///< of the webhook that said it: to be receipted once it is durable
};

class ProviderCalls {
public:
    /// `name` is stored with each authorisation: whose book it is.
    ProviderCalls(ports::PaymentProvider& provider, payment::Provider name, Clock& clock)
        : provider_(provider), name_(name), clock_(clock) {}

    /// Takes a step of the process, if it is for the provider. The offer brings the token.
    void ask(OrderId order, checkout::Command const& command,
             std::vector<order::PaymentOffer> const& offers);

    /// A refund was decided and is pending: the provider shall pay it.
    void refund(OrderId order, PaymentId payment, payment::RefundPending const& pending);

    /// Whether there is room for a page more.
    bool is_full() const { return waiting_.size() >= waiting_calls_max; }
    bool is_idle() const { return waiting_.empty() && asked_.empty(); }

    /// Hands over what waits.
    /// Errors: what the provider says and will not pass by itself; until it passes the calls wait.
    Result<void> start();

    /// Whose a payment is that is not known here, because its order has ended: a bank argues weeks
    /// later. Empty: nobody's.
    using WhosePayment = std::function<Result<std::optional<OrderId>>(PaymentId)>;

    /// What came back, as outcomes to record.
    /// Shape: appended to `outcomes`. What concerns nobody's payment is left out and counted.
    /// Errors: what the provider says and will not pass by itself; what `whose` says.
    Result<void> collect(std::vector<PaymentOutcome>& outcomes, WhosePayment const& whose);

    /// What a webhook said is durable. Webhooks that there is nothing to record of are receipted by
    /// themselves. 0: it was none, and nobody waits for a receipt.
    void receipt(std::uint64_t delivery) {
        if (delivery != 0)
            receipts_.push_back(delivery);
    }

    /// The order ended: its payments are forgotten here.
    void forget(OrderId order);

    /// When the provider is asked again that could not be reached; empty: it could.
    std::optional<Instant> next_try() const;

    std::uint64_t strangers() const { return strangers_; }
    /// How often the provider could not be reached.
    std::uint64_t unreachable() const { return unreachable_; }

private:
    Result<void> send_receipts();
    /// The failure itself where no rest helps.
    Result<void> rest(Rest& rest, Failure const& failure);
    /// A refund that the book knows nothing of never arrived there: it is asked for again.
    void refund_again(KnownPayment const& known, PaymentId payment, Id128 refund);
    Result<std::optional<KnownPayment>> stranger(PaymentId payment, WhosePayment const& whose);
    bool comes_too_early(ports::ProviderAnswer const& answer, KnownPayment const& payment) const;
    KnownPayment& known(OrderId order, PaymentId payment);
    void call(ports::ProviderKey key, PaymentId payment, AskedCall asked,
              decltype(ports::ProviderCall::call) content);
    ports::PaymentProvider& provider_;
    payment::Provider name_;
    Clock& clock_;
    Rest sending_;
    Rest receiving_;
    std::vector<ports::ProviderCall> waiting_;
    boost::unordered_flat_map<ports::ProviderKey, AskedCall, std::hash<ports::ProviderKey>> asked_;
    boost::unordered_flat_map<PaymentId, KnownPayment, std::hash<PaymentId>> payments_;
    boost::unordered_flat_map<OrderId, std::vector<PaymentId>, std::hash<OrderId>> of_order_;
    std::vector<ports::ProviderAnswer> answers_;
    std::vector<std::uint64_t> receipts_; ///< that the provider does not have yet
    std::uint64_t finds_{0};
    std::uint64_t strangers_{0};
    std::uint64_t unreachable_{0};
};

} // namespace kontor::services
