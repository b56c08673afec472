#pragma once

/// CarrierRunner: the demo's warehouse and carrier at work. It follows the log, plans what the dice
/// say of each parcel, and does it when its time comes: hands over, delivers, misses the buyer,
/// brings back, and takes in again what came back undelivered, so that the buyer is refunded.
/// Thread: one at a time.
///
/// Invariant: what it does follows from the facts and a seed, so after a restart it plans the same.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/processes/deadlines.hpp"
#include "services/carrier/demo_carrier.hpp"
#include "services/shop/shop.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>

namespace kontor::services {

/// Whether parcels may miss the buyer and come back, as the dice say, or always arrive.
enum class Luck : unsigned char { of_the_dice, always };

struct CarrierOptions {
    std::int64_t hurry{1}; ///< the carrier's hours pass so many times faster
    Luck luck{Luck::of_the_dice};
};

class CarrierRunner final : public Agent {
public:
    /// All outlive the runner; the client is its own.
    CarrierRunner(ports::EventStore& store, Clock& clock, Random seed, ShopClient& client,
                  CarrierOptions options = {});

    /// Reads what is open and the log behind it, to its end: an act that was done is due again as
    /// long as its fact is not seen. Call it once, before the first do_work. A parcel that ended is
    /// always seen to its end here, because the commit of its end has a step of its order's
    /// process.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "carrier"; }
    /// Errors: unavailable, corrupt.
    Result<WorkDone> do_work(WorkBudget budget) override;

    std::optional<Instant> next_deadline() { return acts_due_.next(); }
    bool is_idle() const { return waiting_.empty(); }
    /// Of the last event that it has seen.
    ports::Position position() const { return position_; }

private:
    /// A parcel under way: what comes next, and whose order it is.
    struct Parcel {
        OrderId order_id;
        CarrierAct next;
    };

    Result<std::size_t> follow(std::size_t events_max);
    Result<void> take_up(ports::EventPage const& page, ports::RecordedEvent const& event);
    Result<void> see_order(ports::RecordedEvent const& event, Instant at);
    Result<void> see_parcel(ports::RecordedEvent const& event, OrderId correlated, Instant at);
    void see_return(OrderId order, order::Event const& fact, Instant at);
    void plan(OrderId order, PlannedAct planned, Instant at);
    void forget(FulfilmentId parcel);
    Result<std::size_t> act(std::size_t count_max);
    Result<Work> work_of(FulfilmentId id, Parcel const& parcel, Instant now) const;
    Result<Work> taken_in(FulfilmentId id, OrderId order, ReturnId under) const;

    ports::EventStore& store_;
    Clock& clock_;
    Random const seed_;
    ShopClient& client_;
    CarrierOptions const options_;
    ports::Position position_{};
    boost::unordered_flat_map<OrderId, ReservationId, std::hash<OrderId>>
        reservations_; ///< of orders that may still ship
    boost::unordered_flat_map<FulfilmentId, Parcel, std::hash<FulfilmentId>> parcels_;
    boost::unordered_flat_map<ReturnId, FulfilmentId, std::hash<ReturnId>>
        coming_back_; ///< under returns that are open
    processes::Deadlines<FulfilmentId> acts_due_;
    std::deque<BoxedShopRequest> waiting_;
};

} // namespace kontor::services
