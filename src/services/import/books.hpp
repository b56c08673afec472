#pragma once

/// Books: the figures of an import as the log has them: a fold over its facts that knows nothing of
/// the plan. Facts of other actors do not count.
/// Thread: one.

#include "services/import/figures.hpp"
#include "services/shop/aggregates.hpp"

#include "domain/ledger/ledger.hpp"
#include "ports/event_store.hpp"

#include <unordered_map>
#include <unordered_set>

namespace kontor::online_retail {

class Books {
public:
    /// Adds one fact of the log.
    /// Errors: corrupt (the bytes are no such fact), unsupported (a newer release wrote it).
    Result<void> add(ports::RecordedEvent const& recorded, ports::RecordedCommit const& commit);

    /// What was added so far, summed up.
    Figures figures() const;
    /// What was added so far as double entries.
    ledger::Balances const& balances() const { return balances_; }

private:
    /// One stock item as the log tells it.
    struct Shelf {
        std::int64_t on_hand{0};
        std::int64_t reserved{0};
        std::int64_t received{0};
        std::int64_t lowest{INT64_MAX};
        void settle();
    };

    void see(product::Event const& event);
    void see(customer::Event const& event);
    void see(order::Event const& event, OrderId id);
    void see(payment::Event const& event, PaymentId id);
    void see(fulfilment::Event const& event);
    void see(stock::Event const& event, Shelf& shelf);
    void see_placed(order::Placed const& placed);
    void see_granted(order::RefundGranted const& granted, OrderId id);
    Month& month() { return figures_.months[month_of(now_)]; }

    Figures figures_;
    Instant now_;
    std::unordered_set<OrderId> cancelled_orders_;
    std::unordered_set<OrderId> returned_orders_;
    std::unordered_set<OrderId> goodwill_orders_;
    std::unordered_set<ReturnId> restocked_returns_;
    std::unordered_map<PaymentId, std::int64_t> authorised_;
    std::unordered_map<StreamId, Shelf> shelves_;
    std::uint64_t priced_{0};
    std::unordered_map<OrderId, order::State> orders_;
    std::unordered_map<PaymentId, payment::State> payments_;
    ledger::Balances balances_;
};

} // namespace kontor::online_retail
