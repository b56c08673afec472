#include "tests/simulation/checkers/endings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::simulation {

void EndingsChecker::see(Fact const& fact) {
    if (auto const* const event = std::get_if<order::Event>(&fact.content))
        see_order(fact, *event);
    if (auto const* const event = std::get_if<reservation::Event>(&fact.content))
        see_hold(fact, *event);
    if (auto const* const event = std::get_if<fulfilment::Event>(&fact.content))
        see_parcel(FulfilmentId(fact.stream.id()), *event);
    if (auto const* const event = std::get_if<checkout::Event>(&fact.content))
        orders_[OrderId(fact.stream.id())].phase = std::get<checkout::Advanced>(*event).to;
}

void EndingsChecker::see_order(Fact const& fact, order::Event const& event) {
    auto& fate = orders_[OrderId(fact.stream.id())];
    if (auto const* const placed = std::get_if<order::Placed>(&event))
        fate.pay_by = placed->pay_by;
    bool const is_completed = std::holds_alternative<order::Completed>(event);
    completed_ += is_completed ? 1 : 0;
    if (is_completed || std::holds_alternative<order::Rejected>(event) ||
        std::holds_alternative<order::Expired>(event) ||
        std::holds_alternative<order::Cancelled>(event))
        ++fate.endings;
    if (fate.endings > 1)
        verdict_.fail("I3", fmt::format("{} ended twice, at position {}", fact.stream.to_string(),
                                        fact.position));
    if (std::holds_alternative<order::Expired>(event) && fact.header.occurred_at < fate.pay_by)
        verdict_.fail("I15",
                      fmt::format("{} expired at {}, payable until {}", fact.stream.to_string(),
                                  to_string(fact.header.occurred_at), to_string(fate.pay_by)));
}

void EndingsChecker::see_hold(Fact const& fact, reservation::Event const& event) {
    auto& hold = holds_[ReservationId(fact.stream.id())];
    if (auto const* const held = std::get_if<reservation::Held>(&event)) {
        hold.order = held->order_id;
        hold.expires_at = held->expires_at;
    }
    if (auto const* const extended = std::get_if<reservation::Extended>(&event))
        hold.expires_at = extended->expires_at;
    if (std::holds_alternative<reservation::Confirmed>(event))
        hold.is_confirmed = true;
    if (std::holds_alternative<reservation::Expired>(event)) {
        if (fact.header.occurred_at < hold.expires_at)
            verdict_.fail("I15",
                          fmt::format("{} ran out before its time", fact.stream.to_string()));
        if (hold.is_confirmed)
            verdict_.fail("I3", fmt::format("{} ran out, and was sold", fact.stream.to_string()));
    }
    if (std::holds_alternative<reservation::Expired>(event) ||
        std::holds_alternative<reservation::Released>(event) ||
        std::holds_alternative<reservation::Rejected>(event))
        hold.has_ended = true;
}

void EndingsChecker::see_parcel(FulfilmentId id, fulfilment::Event const& event) {
    auto& has_ended = parcels_[id];
    has_ended = std::holds_alternative<fulfilment::Cancelled>(event) ||
                std::holds_alternative<fulfilment::Delivered>(event) ||
                std::holds_alternative<fulfilment::ReturnedToSender>(event);
}

std::size_t EndingsChecker::open() const {
    return static_cast<std::size_t>(std::ranges::count_if(orders_, [](auto const& entry) {
        return entry.second.endings == 0 || entry.second.phase != checkout::Phase::done;
    }));
}

void EndingsChecker::at_rest() {
    for (auto const& [id, fate] : orders_) {
        if (fate.endings != 1)
            verdict_.fail("I3",
                          fmt::format("{} has {} endings at rest", id.to_string(), fate.endings));
        if (fate.phase != checkout::Phase::done)
            verdict_.fail("I3", fmt::format("the process of {} rests in phase {}", id.to_string(),
                                            fate.phase ? static_cast<int>(*fate.phase) : -1));
    }
    for (auto const& [id, has_ended] : parcels_)
        if (!has_ended)
            verdict_.fail("I3", id.to_string() + " is still under way at rest");
    for (auto const& [id, hold] : holds_)
        if (!hold.has_ended && !hold.is_confirmed)
            verdict_.fail("I3", id.to_string() + " is still held at rest");
}

} // namespace kontor::simulation
