#pragma once

/// CheckoutRunner: runs the order process. It follows the log, takes what concerns an order to its
/// process at the desk, wakes the process when a deadline is reached, and asks the provider for
/// what the process has decided. It keeps nothing that the log does not say; after a restart it
/// reads it again.
///
/// Delivery: facts reach the process at least once; what was seen before gives nothing. Imported
/// orders are left out.
/// Thread: one at a time.
///
/// Invariants: 1. A call to the provider is made only for a step that is durable.
///             2. The id of every request derives from the fact or step that caused it, so a
///                repetition changes nothing. Only an outcome of the provider's has a new one; its
///                repetition is noticed by the payment's state.
///             3. Facts are told in the sequence of the log, so the last fact that has caused a
///                step shows how far the telling had come.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/processes/deadlines.hpp"
#include "services/checkout/provider_calls.hpp"
#include "services/shop/shop.hpp"

namespace kontor::services {

class CheckoutRunner final : public Agent {
public:
    /// All outlive the runner; the client is its own.
    CheckoutRunner(ports::EventStore& store, Clock& clock, ports::PaymentProvider& provider,
                   payment::Provider provider_name, ShopClient& client);

    /// Reads the log up to its end and goes on where the last life stopped: facts that no process
    /// has been told are told, and what the steps of open orders asked for and the log does not
    /// answer is asked for again. Call it once, before the first do_work; on an empty log it does
    /// nothing.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "checkout"; }
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// The earliest deadline of any order, or when a provider that could not be reached is asked
    /// again, so that a virtual clock may jump there.
    std::optional<Instant> next_deadline();
    bool is_idle() const { return waiting_.empty() && calls_.is_idle(); }
    std::size_t open_orders() const { return live_.size(); }
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
    Result<std::size_t> read_on(std::size_t events_max);
    bool is_told_again(ports::RecordedEvent const& event) const {
        return event.position <= taken_up_;
    }
    Result<void> see(ports::EventPage const& page, ports::RecordedEvent const& event);
    Result<void> see_order(ports::RecordedEvent const& event, EventId cause);
    Result<void> see_step(ports::RecordedEvent const& event, CommandId command);
    Result<void> see_payment(ports::RecordedEvent const& event, OrderId order, EventId cause);
    void note_offers(OrderId order, order::Event const& fact);
    void ask_provider(OrderId order, Live const& live, std::vector<checkout::Sent> const& step);
    void remember_step(Live& live, CommandId command, std::vector<checkout::Sent> const& step);
    void note_refund(OrderId order, PaymentId payment, payment::Event const& fact);
    void note_untold(CommandId id);
    void note_told(CommandId id);
    void forget_answered(ports::CommitHeader const& header);
    void forget_ended(OrderId order, Live const& live);
    void ask_again(OrderId order, Live const& live);
    void note_deadline(OrderId order, Live const& live);

    template <class Input>
    void tell(OrderId order, EventId cause, Input input);
    void submit(CommandId id, OrderId order, Id128 cause, Work work,
                std::optional<commands::Fingerprint> fingerprint = {});
    void send_waiting();
    std::size_t reach_deadlines(std::size_t count_max);
    Result<std::size_t> record_outcomes();
    Result<std::optional<OrderId>> order_of_payment(PaymentId payment);
    void take_answers();

    ports::EventStore& store_;
    Clock& clock_;
    ShopClient& client_;
    ProviderCalls calls_;
    ports::Position position_{};   ///< of the event that is seen, or was last
    ports::Position taken_up_{};   ///< what stood here at the start was folded already
    ports::Position told_up_to_{}; ///< facts up to here had been told before the start
    /// At the start: of open orders.
    boost::unordered_flat_map<OrderId, std::vector<OpenRefund>, std::hash<OrderId>> open_refunds_;
    std::deque<std::pair<CommandId, ports::Position>>
        untold_; ///< at the start: facts behind the last one told
    boost::unordered_flat_map<CommandId, ports::Position, std::hash<CommandId>> untold_at_;
    bool is_folding_{false}; ///< at the start, before anything is told
    std::deque<OrderId> ask_again_;
    boost::unordered_flat_map<OrderId, Live, std::hash<OrderId>> live_;
    processes::Deadlines<OrderId> deadlines_;
    std::deque<ShopRequest> waiting_;
    std::vector<PaymentOutcome> outcomes_;
    std::uint64_t outcomes_seen_{0};
    std::uint64_t orders_seen_{0};
};

} // namespace kontor::services
