#pragma once

/// Exchange: a whole bus as one pure state machine: the log of accepted events, rules, archives and
/// replays, and a lane for each target. Whoever holds it brings time, ids and dice, carries out
/// the deliveries that it starts, and says how each ended.
///
///   accept → log → route, in the log's sequence → lanes → delivered | again later | dead letter
///
/// Invariants: 1. Each accepted event is routed once, each replayed one once more.
///             2. Each delivery ends: delivered, as a dead letter, or lost for want of a queue for
///                such, which `lost` counts.
///             3. A slow target holds up none but itself.
///
/// Thread: one.   Source: MESSAGING section 4, RELIABILITY section 3 (I7, I12).

#include "platform/messaging/bus/archives.hpp"
#include "platform/messaging/bus/rule_book.hpp"
#include "platform/messaging/lanes/lanes.hpp"

namespace kontor::bus {

class Exchange final : private EventHistory {
public:
    using Attempt = lanes::Lanes<Delivery>::Attempt;

    Exchange(CloudPlace place, Random random);
    Exchange(Exchange const&) = delete;
    Exchange& operator=(Exchange const&) = delete;

    /// Makes what a topology says, and owns it.   Requires: a sound one, once.
    void adopt(topology::Topology const& topology, Instant now);

    RuleBook& rules() { return rules_; }
    Archives& archives() { return archives_; }

    /// Takes entries into the log.
    /// Errors: as ports::EventBus::put_events.
    Result<std::vector<ports::EntryOutcome>, MessagingRefusal>
    put(std::span<ports::EventEntry const> entries, ports::EventOrigin origin, Instant now);

    /// Routes what has come and steps the replays; at most so many events.
    /// Shape:    how many were routed.
    std::size_t work(Instant now, std::size_t up_to);

    /// Deliveries to be carried out now.
    std::vector<Attempt> start(Instant now, std::size_t up_to) { return lanes_.start(now, up_to); }
    /// Requires: both, that it was started and has not ended.
    void delivered(Attempt const& attempt);
    void failed(Attempt const& attempt, DeliveryFault fault, std::string what, Instant now);

    /// What has become a dead letter since the last call.
    std::vector<DeadLetter> take_dead_letters() { return std::exchange(dead_, {}); }
    /// Deliveries that had no dead-letter queue to go to.
    std::uint64_t lost() const { return lost_; }
    /// When something is to be done by the passing of time alone.
    std::optional<Instant> next_due() const { return lanes_.next_due(); }
    /// Events that are in the log and not routed.
    std::size_t behind() const { return log_.size() - routed_; }

private:
    std::size_t size() const override { return log_.size(); }
    std::size_t visit(std::size_t from, std::size_t places_max, Visit const& visit) const override;

    void route(BusEvent const& event, Instant now);
    void forward(Delivery const& delivery, BusEvent const& event);
    void bury(Delivery const& delivery, Death const& death);

    Random random_;
    RuleBook rules_;
    std::deque<BusEvent> log_;
    std::size_t routed_{0};
    Archives archives_;
    lanes::Lanes<Delivery> lanes_;
    std::vector<DeadLetter> dead_;
    std::uint64_t lost_{0};
};

} // namespace kontor::bus
