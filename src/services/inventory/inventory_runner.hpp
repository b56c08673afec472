#pragma once

/// InventoryRunner: inventory's own deadline. It follows the log and lets go of every reservation
/// whose hold ran out before it was confirmed, whether or not its order has a process that would.
/// It keeps nothing that the log does not say; after a restart it reads it again.
///
/// Delivery: a hold is asked to expire at least once. The reservation's state decides, so that it
///           is given back once, whoever else releases or confirms it at that moment.
/// Thread: one at a time.
///
/// Invariants: 1. It asks only when the time that the hold's last fact names is over.
///             2. The id of a request derives from the reservation and that time.
/// Source: DOMAIN section 5, "Expire".

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/processes/deadlines.hpp"
#include "services/shop/shop.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>

namespace kontor::services {

class InventoryRunner final : public Agent {
public:
    /// All outlive the runner; the client is its own.
    InventoryRunner(ports::EventStore& store, Clock& clock, ShopClient& client);

    /// Reads what is open and the log behind it, to its end. Call it once, before the first
    /// do_work.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "inventory"; }
    /// Errors: unavailable, corrupt.
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// When the next hold runs out, so that a virtual clock may jump there.
    std::optional<Instant> next_deadline();
    bool is_idle() const { return waiting_.empty(); }
    ports::Position position() const { return position_; }
    /// Holds whose end it awaits.
    std::size_t holds() const { return orders_.size(); }

private:
    Result<std::size_t> follow(std::size_t events_max);
    Result<void> take_up(ports::EventPage const& page, ports::RecordedEvent const& event);
    Result<void> see(ports::RecordedEvent const& event);
    std::size_t let_go(std::size_t count_max);

    ports::EventStore& store_;
    Clock& clock_;
    ShopClient& client_;
    ports::Position position_{};
    Instant deadlines_from_{}; ///< after a start
    boost::unordered_flat_map<ReservationId, OrderId, std::hash<ReservationId>> orders_;
    processes::Deadlines<ReservationId> run_out_;
    std::deque<BoxedShopRequest> waiting_;
};

} // namespace kontor::services
