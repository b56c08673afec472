#include "tests/simulation/checkers/oversell.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace kontor::simulation {

void OversellChecker::fail(std::string what) {
    verdict_.fail("I1", where_ + ": " + std::move(what));
}

void OversellChecker::see(Fact const& fact) {
    where_ = fmt::format("{} at position {}", fact.stream.to_string(), fact.position);
    see_move(fact);
    if (auto const* const parcel = std::get_if<fulfilment::Event>(&fact.content))
        if (auto const* const sent = std::get_if<fulfilment::Dispatched>(parcel))
            for (auto const& line : sent->lines)
                dispatched_[FulfilmentId(fact.stream.id())] += line.quantity.value();
    auto const* const event = std::get_if<stock::Event>(&fact.content);
    if (event == nullptr)
        return;
    auto& shelf = shelves_[fact.stream.to_string()];
    std::visit([&](auto const& what) { see(shelf, what); }, *event);
    if (shelf.on_hand < 0)
        fail(fmt::format("{} units on hand", shelf.on_hand));
    if (shelf.reserved < 0 || shelf.backordered < 0)
        fail(fmt::format("{} reserved, {} backordered", shelf.reserved, shelf.backordered));
    if (shelf.reserved > shelf.on_hand)
        fail(fmt::format("{} units promised, {} on hand", shelf.reserved, shelf.on_hand));
}

void OversellChecker::see_move(Fact const& fact) {
    if (move_ && move_->command != fact.header.command_id)
        check_move();
    auto const* const event = std::get_if<stock::Event>(&fact.content);
    auto const* const adjusted = event == nullptr ? nullptr : std::get_if<stock::Adjusted>(event);
    if (adjusted == nullptr || !adjusted->transfer_id)
        return;
    std::string const sku(adjusted->sku.view());
    if (!move_)
        move_ = Move{fact.header.command_id, *adjusted->transfer_id, sku, 0, where_};
    if (move_->transfer != *adjusted->transfer_id || move_->sku != sku)
        fail("a command tells halves of two moves");
    move_->balance += adjusted->delta.value();
}

void OversellChecker::check_move() {
    if (move_->balance != 0)
        verdict_.fail("I1", fmt::format("{}: {} units of a move {}", move_->where,
                                        std::abs(move_->balance),
                                        move_->balance > 0 ? "came from nowhere" : "went nowhere"));
    move_.reset();
}

void OversellChecker::see(Shelf& shelf, stock::Reserved const& fact) {
    if (shelf.open.contains(fact.reservation_id))
        fail("promised twice to " + fact.reservation_id.to_string());
    if (shelf.ended.contains(fact.reservation_id))
        fail("promised again to an ended " + fact.reservation_id.to_string());
    shelf.open[fact.reservation_id] = {fact.reserved.value(), fact.backordered.value()};
    shelf.reserved += fact.reserved.value();
    shelf.backordered += fact.backordered.value();
    if (shelf.backordered > shelf.backorder_max)
        fail(fmt::format("{} backordered, {} allowed", shelf.backordered, shelf.backorder_max));
}

void OversellChecker::see(Shelf& shelf, stock::Released const& fact) {
    auto const found = shelf.open.find(fact.reservation_id);
    if (found == shelf.open.end()) {
        fail("given back what was not promised to " + fact.reservation_id.to_string());
        return;
    }
    auto& promise = found->second;
    promise.reserved -= fact.reserved.value();
    promise.backordered -= fact.backordered.value();
    shelf.reserved -= fact.reserved.value();
    shelf.backordered -= fact.backordered.value();
    if (promise.reserved < 0 || promise.backordered < 0)
        fail("given back more than was promised to " + fact.reservation_id.to_string());
    end_if_empty(shelf, fact.reservation_id);
    fill(shelf, fact.fills);
}

void OversellChecker::see(Shelf& shelf, stock::Issued const& fact) {
    auto const units = fact.quantity.value();
    issued_[fact.fulfilment_id] += units;
    shelf.on_hand -= units;
    auto const found = shelf.open.find(fact.reservation_id);
    if (found == shelf.open.end()) {
        fail("units left for a closed " + fact.reservation_id.to_string());
        return;
    }
    found->second.reserved -= units;
    shelf.reserved -= units;
    if (found->second.reserved < 0)
        fail("more units left than were promised to " + fact.reservation_id.to_string());
    end_if_empty(shelf, fact.reservation_id);
}

template <class Other>
void OversellChecker::see(Shelf& shelf, Other const& fact) {
    if constexpr (std::is_same_v<Other, stock::Received>)
        shelf.on_hand += fact.quantity.value();
    if constexpr (std::is_same_v<Other, stock::Adjusted>)
        shelf.on_hand += fact.delta.value();
    if constexpr (std::is_same_v<Other, stock::PolicySet>)
        shelf.backorder_max = fact.backorder_max.value();
    if constexpr (std::is_same_v<Other, stock::Restocked>)
        if (fact.condition == ItemCondition::restock)
            shelf.on_hand += fact.quantity.value();
    if constexpr (requires { fact.fills; })
        fill(shelf, fact.fills);
}

void OversellChecker::fill(Shelf& shelf, stock::Fills const& fills) {
    for (auto const& fill : fills) {
        auto const found = shelf.open.find(fill.reservation_id);
        auto const units = fill.quantity.value();
        if (found == shelf.open.end() || found->second.backordered < units) {
            fail("filled what nobody waits for: " + fill.reservation_id.to_string());
            return;
        }
        found->second.backordered -= units;
        found->second.reserved += units;
        shelf.backordered -= units;
        shelf.reserved += units;
    }
}

void OversellChecker::end_if_empty(Shelf& shelf, ReservationId id) {
    auto const& promise = shelf.open.at(id);
    if (promise.reserved == 0 && promise.backordered == 0) {
        shelf.open.erase(id);
        shelf.ended.insert(id);
    }
}

void OversellChecker::at_rest() {
    if (move_)
        check_move();
    if (issued_ != dispatched_)
        verdict_.fail("I1", "what parcels carry is not what left the shelves");
    for (auto const& [name, shelf] : shelves_)
        if (!shelf.open.empty())
            verdict_.fail("I3", fmt::format("{} is still promised to {}", name,
                                            shelf.open.begin()->first.to_string()));
}

} // namespace kontor::simulation
