#pragma once

/// DocumentRunner: follows the log and has every dispatch invoiced and every granted refund
/// credited. No purchase waits for a number: documents come behind the facts.
///
/// Delivery: each cause is told at least once, in the sequence of the log; the register of its year
///           knows how far it was told, so that each has one document.
/// Thread: one at a time.
/// Source: DOMAIN section 4, "Invoices".

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "services/shop/shop.hpp"

#include <deque>
#include <map>

namespace kontor::services {

class DocumentRunner final : public Agent {
public:
    /// All outlive the runner; the client is its own.
    DocumentRunner(ports::EventStore& store, Clock& clock, ShopClient& client);

    /// Finds the last document. Call it once, before the first do_work.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "documents"; }
    /// Errors: unavailable, corrupt.
    Result<WorkDone> do_work(WorkBudget budget) override;

    bool is_idle() const { return waiting_.empty(); }
    /// Up to here the log was read; the documents themselves may be on their way.
    ports::Position position() const { return position_; }

private:
    using Causes = std::map<DocumentYear, std::vector<documents::Cause>>;

    Result<std::size_t> follow(std::size_t events_max);
    Result<void> take_up(ports::EventPage const& page, ports::RecordedEvent const& event);
    void submit();

    ports::EventStore& store_;
    Clock& clock_;
    ShopClient& client_;
    ports::Position position_{};
    Causes causes_{}; ///< of the request that is being put together
    std::size_t cause_count_{0};
    std::uint64_t last_cause_{0}; ///< its position
    std::deque<BoxedShopRequest> waiting_;
};

} // namespace kontor::services
