#pragma once

/// CheckoutRunner: what the order process needs of the world. The process goes its steps at the
/// desk, in the append of the facts that cause them; the runner follows the log, asks the provider
/// for what a step decided, records what the provider answers, and wakes the process when a
/// deadline is reached. It keeps nothing that the log does not say; after a restart it reads it
/// again.
///
/// Delivery: the provider is asked at least once, with one key for all attempts; what it reports
/// unasked is receipted once it is recorded. Imported orders are left out.
/// Thread: one at a time.
///
/// Invariants: 1. A call to the provider is made only for a step that is durable.
///             2. The id of every request derives from the step that caused it, so a repetition
///                changes nothing. Only an outcome of the provider's has a new one; its repetition
///                is noticed by the payment's state.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/processes/deadlines.hpp"
#include "services/checkout/provider_calls.hpp"
#include "services/shop/shop.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

namespace kontor::services {

class CheckoutRunner final : public Agent {
public:
    /// All outlive the runner; the client is its own.
    CheckoutRunner(ports::EventStore& store, Clock& clock, ports::PaymentProvider& provider,
                   payment::Provider provider_name, ShopClient& client);

    /// What opens the tokens that the log has sealed, its own and before `recover`; null: nothing
    /// is sealed.
    void open_by(sealing::Opener* opener) { opener_ = opener; }

    /// Reads what is open and the log behind it, and goes on where the last life stopped: what the
    /// steps of open orders asked for and the log does not answer is asked for again. Call it once,
    /// before the desk runs and the first do_work; on an empty log it does nothing.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "checkout"; }
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// The earliest deadline of any order, or when a provider that could not be reached is asked
    /// again, so that a virtual clock may jump there.
    std::optional<Instant> next_deadline();
    bool is_idle() const { return waiting_.empty() && ask_again_.empty() && calls_.is_idle(); }
    std::size_t open_orders() const { return live_.size(); }
    /// Of the orders whose process has not ended.
    struct OpenFigures {
        std::optional<Instant> oldest{}; ///< when the first of them was placed
        std::size_t overdue{0};          ///< that wait for something which was due before `late`
    };
    /// Looks at all of them.
    OpenFigures open_figures(Instant late) const;
    /// Steps that took something back, since it runs: what was promised, held or paid.
    std::uint64_t compensations() const { return compensations_; }
    /// Orders that were placed since it runs.
    std::uint64_t orders_seen() const { return orders_seen_; }
    ports::Position position() const { return position_; }
    ProviderCalls const& calls() const { return calls_; }

private:
    /// What a step asked for and the log does not answer: a crash may have come between them.
    struct Unanswered {
        CommandId id;    ///< of the command that it becomes
        CommandId cause; ///< of the one that advanced the process
        checkout::Sent sent;
        checkout::Command command;
    };
    /// A refund that was decided, and neither paid nor refused.
    struct OpenRefund {
        PaymentId payment_id;
        payment::RefundPending pending;
    };
    /// An order whose process has not ended.
    struct Live {
        checkout::State state{checkout::initial()};
        std::uint64_t version{0};
        std::vector<Unanswered> unanswered{}; ///< kept while the log is folded at the start
        std::vector<order::PaymentOffer> offers{};
    };

    Result<std::size_t> follow(std::size_t events_max);
    Result<void> take_up(ports::EventPage const& page, ports::RecordedEvent const& event);
    Result<void> forget_half_seen();
    std::size_t ask_for_unanswered();
    Result<void> note_offer(Live& live, ports::RecordedEvent const& event, EventId id);
    Result<void> find_offers(OrderId order, Live& live);
    Result<void> see(ports::RecordedEvent const& event, CommandId command, OrderId order);
    Result<void> see_order(ports::RecordedEvent const& event, CommandId command);
    Result<void> see_step(ports::RecordedEvent const& event, CommandId command);
    Result<void> see_payment(ports::RecordedEvent const& event, OrderId order);
    void ask_provider(OrderId order, Live const& live, std::vector<checkout::Sent> const& step);
    void remember_step(Live& live, CommandId command, std::uint32_t index,
                       std::vector<checkout::Sent> const& step);
    void note_refund(OrderId order, PaymentId payment, payment::Event const& fact);
    void forget_answered(ports::CommitHeader const& header);
    void forget_ended(OrderId order, Live const& live);
    void ask_again(OrderId order, Live const& live);
    void note_deadline(OrderId order, Live const& live);

    void submit(CommandId id, OrderId order, Id128 cause, Work work,
                std::optional<commands::Fingerprint> fingerprint = {});
    std::size_t reach_deadlines(std::size_t count_max);
    Result<std::size_t> record_outcomes();
    Result<std::optional<OrderId>> order_of_payment(PaymentId payment);
    void take_answers();

    ports::EventStore& store_;
    Clock& clock_;
    ShopClient& client_;
    sealing::Opener* opener_{nullptr};
    ProviderCalls calls_;
    ports::Position position_{}; ///< of the last event that was seen
    Instant deadlines_from_{};   ///< after a start answers of the provider come first,
    boost::unordered_flat_set<OrderId, std::hash<OrderId>> rest_; ///< for these orders
    bool is_folding_{false}; ///< at the start, before anything is asked
    /// At the start: of open orders.
    boost::unordered_flat_map<OrderId, std::vector<OpenRefund>, std::hash<OrderId>> open_refunds_;
    std::deque<OrderId> ask_again_;
    boost::unordered_flat_map<OrderId, Live, std::hash<OrderId>> live_;
    processes::Deadlines<OrderId> deadlines_;
    std::deque<BoxedShopRequest> waiting_;
    std::vector<PaymentOutcome> outcomes_;
    std::uint64_t outcomes_seen_{0};
    std::uint64_t orders_seen_{0};
    std::uint64_t compensations_{0};
};

} // namespace kontor::services
