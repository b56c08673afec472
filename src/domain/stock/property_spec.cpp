// The law of stock, checked by folds that share nothing with the decider: sums over plain maps.

#include "domain/stock/stock.hpp"

#include "base/overloaded.hpp"
#include "tests/support/draw.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace kontor::stock {
namespace {

using testing::between;

Sku const cup = Sku::parse("CUP").value();
Location const main_house = Location::parse("main").value();

/// The shelf as somebody with a notebook would keep it.
struct Notebook {
    std::int64_t on_hand{0};
    std::int64_t backorder_max{0};
    std::map<ReservationId, std::pair<std::int64_t, std::int64_t>> open{};
    std::vector<ReservationId> waiting{};
    std::set<ReservationId> closed{};

    void note(Event const& event) {
        std::visit(overloaded{
                       [&](Received const& e) { arrive(e.quantity.value(), e.fills); },
                       [&](Adjusted const& e) { arrive(e.delta.value(), e.fills); },
                       [&](RanLow const&) {},
                       [&](PolicySet const& e) { backorder_max = e.backorder_max.value(); },
                       [&](Reserved const& e) { promise(e); },
                       [&](Released const& e) { give_back(e); },
                       [&](Issued const& e) { leave(e); },
                       [&](Restocked const& e) {
                           bool const sound = e.condition == ItemCondition::restock;
                           arrive(sound ? e.quantity.value() : 0, e.fills);
                       },
                       [&](BackordersFilled const& e) { fill(e.fills); },
                   },
                   event);
    }

    void arrive(std::int64_t units, Fills const& fills) {
        on_hand += units;
        fill(fills);
    }
    void promise(Reserved const& e) {
        RC_ASSERT(!open.contains(e.reservation_id));
        open[e.reservation_id] = {e.reserved.value(), e.backordered.value()};
        closed.erase(e.reservation_id);
        if (e.backordered.value() > 0)
            waiting.push_back(e.reservation_id);
    }
    void give_back(Released const& e) {
        auto& [reserved, backordered] = open.at(e.reservation_id);
        reserved -= e.reserved.value();
        backordered -= e.backordered.value();
        settle(e.reservation_id);
        fill(e.fills);
    }
    void leave(Issued const& e) {
        RC_ASSERT(!closed.contains(e.reservation_id));
        open.at(e.reservation_id).first -= e.quantity.value();
        on_hand -= e.quantity.value();
        settle(e.reservation_id);
    }
    // Fills go along the queue: nobody is passed over, and only the last may be filled in part.
    void fill(Fills const& fills) {
        for (auto const& [id, quantity] : fills) {
            RC_ASSERT(!waiting.empty());
            RC_ASSERT(waiting.front() == id);
            auto& [reserved, backordered] = open.at(id);
            RC_ASSERT((quantity.value() == backordered || &id == &fills.back().reservation_id));
            reserved += quantity.value();
            backordered -= quantity.value();
            settle(id);
        }
    }
    void settle(ReservationId id) {
        auto const [reserved, backordered] = open.at(id);
        RC_ASSERT(reserved >= 0);
        RC_ASSERT(backordered >= 0);
        if (backordered == 0)
            std::erase(waiting, id);
        if (reserved == 0 && backordered == 0) {
            open.erase(id);
            closed.insert(id);
        }
    }

    std::int64_t sum_reserved() const {
        std::int64_t sum = 0;
        for (auto const& [id, units] : open)
            sum += units.first;
        return sum;
    }
    std::int64_t sum_backordered() const {
        std::int64_t sum = 0;
        for (auto const& [id, units] : open)
            sum += units.second;
        return sum;
    }
};

rc::Gen<Quantity> some_units() {
    return rc::gen::map(between<std::int64_t>(1, 9),
                        [](std::int64_t n) { return Quantity::of(n); });
}
rc::Gen<Count> few() {
    return rc::gen::map(between<std::int64_t>(0, 9), [](std::int64_t n) { return Count(n); });
}
template <class Id>
rc::Gen<Id> one_of_six() {
    return testing::one_of<Id>(6);
}

// One wish of a random kind. Reservations are planned as the shop would, from the item's offer, and
// now and then planned wrong.
Command random_command(State const& state) {
    switch (*between(0, 16)) {
    case 0: return Receive{cup, main_house, *some_units(), "note"};
    case 1: {
        auto const delta = Delta::create(*between<std::int64_t>(-8, 9));
        return Adjust{cup, main_house, delta ? *delta : Delta()};
    }
    case 2: return CountShelf{cup, main_house, *few()};
    case 3: return TransferOut{cup, main_house, *some_units(), *one_of_six<TransferId>()};
    case 4: return TransferIn{cup, main_house, *some_units(), *one_of_six<TransferId>()};
    case 5: return SetPolicy{cup, main_house, *few(), *few(), *few()};
    case 6: return Reserve{cup, main_house, *one_of_six<ReservationId>(), *few(), *few()};
    case 7: return Release{*one_of_six<ReservationId>(), *few()};
    case 8: return Release{*one_of_six<ReservationId>()};
    case 9: return Expire{*one_of_six<ReservationId>()};
    case 10:
    case 11: return Issue{*one_of_six<ReservationId>(), *one_of_six<FulfilmentId>(), *some_units()};
    case 12: {
        auto const condition = *rc::gen::element(ItemCondition::restock, ItemCondition::damaged,
                                                 ItemCondition::write_off);
        return Restock{OrderId(), ReturnId(), *some_units(), condition};
    }
    case 13: return FillBackorders{};
    default: {
        auto const units = Count(*some_units());
        auto const reserved = std::min(units, offer(state).on_shelf);
        return Reserve{cup, main_house, *one_of_six<ReservationId>(), reserved, units - reserved};
    }
    }
}

bool is_an_amount_without_a_name(Command const& command) {
    return std::holds_alternative<Receive>(command) || std::holds_alternative<Adjust>(command) ||
           std::holds_alternative<Restock>(command);
}

void check_bounds(Notebook const& notebook, State const& state) {
    auto const* const item = std::get_if<Item>(&state);
    if (item == nullptr)
        return;
    RC_ASSERT(notebook.on_hand == item->on_hand.value());
    RC_ASSERT(notebook.sum_reserved() == item->reserved.value());
    RC_ASSERT(notebook.sum_backordered() == item->backordered.value());
    RC_ASSERT(notebook.sum_reserved() <= notebook.on_hand);
    RC_ASSERT(notebook.sum_backordered() <= notebook.backorder_max);
    RC_ASSERT(notebook.open.size() == item->open.size());
    RC_ASSERT(std::ranges::equal(notebook.waiting, item->backorders.waiting()));
}

RC_GTEST_PROP(StockProperty, never_promised_or_shipped_is_more_than_there_is, ()) {
    State state = Decider::initial();
    Notebook notebook;
    Context const context{};
    auto const wishes = *between(0, 200);
    for (int wish = 0; wish < wishes; ++wish) {
        auto const decision = Decider::decide(state, random_command(state), context);
        if (!decision)
            continue;
        for (auto const& event : *decision) {
            notebook.note(event);
            state = Decider::evolve(std::move(state), event);
        }
        check_bounds(notebook, state);
    }
}

RC_GTEST_PROP(StockProperty, nobody_waits_for_units_that_are_there, ()) {
    State state = Decider::initial();
    Context const context{};
    auto const wishes = *between(0, 200);
    for (int wish = 0; wish < wishes; ++wish) {
        auto const decision = Decider::decide(state, random_command(state), context);
        if (decision)
            state = fold<Decider>(std::move(state), *decision);
        RC_ASSERT(!has_fillable_backorders(state));
    }
}

RC_GTEST_PROP(StockProperty, a_command_repeated_on_its_own_outcome_changes_nothing, ()) {
    State state = Decider::initial();
    Context const context{};
    auto const wishes = *between(0, 200);
    for (int wish = 0; wish < wishes; ++wish) {
        auto const command = random_command(state);
        auto const decision = Decider::decide(state, command, context);
        if (!decision)
            continue;
        state = fold<Decider>(std::move(state), *decision);
        if (is_an_amount_without_a_name(command))
            continue;
        auto const again = Decider::decide(state, command, context);
        RC_ASSERT((!again || again->empty()));
    }
}

RC_GTEST_PROP(StockProperty, the_warning_comes_exactly_when_the_level_is_crossed, ()) {
    State state = Decider::initial();
    Context const context{};
    auto const is_low = [](State const& at) {
        auto const* const item = std::get_if<Item>(&at);
        return item != nullptr && item->low_at.value() > 0 &&
               item->on_hand.value() - item->reserved.value() - item->safety.value() <=
                   item->low_at.value();
    };
    auto const wishes = *between(0, 200);
    for (int wish = 0; wish < wishes; ++wish) {
        auto const decision = Decider::decide(state, random_command(state), context);
        if (!decision)
            continue;
        bool const was_low = is_low(state);
        bool const warned = std::ranges::any_of(
            *decision, [](Event const& event) { return std::holds_alternative<RanLow>(event); });
        state = fold<Decider>(std::move(state), *decision);
        bool const crossed = !was_low && is_low(state);
        RC_ASSERT(warned == crossed);
    }
}

RC_GTEST_PROP(OpenPromisesProperty, the_flat_table_is_a_map, ()) {
    OpenPromises table;
    std::map<ReservationId, Promise> model;
    auto const steps = *between(0, 400);
    for (int step = 0; step < steps; ++step) {
        ReservationId const id(Id128(0, *between<std::uint64_t>(0, 60)));
        Promise const promise{id, *few(), *few()};
        bool const close = *rc::gen::arbitrary<bool>();
        auto const set = close ? Promise{id, {}, {}} : promise;
        table.set(set);
        model.erase(id);
        if (set.units().value() > 0)
            model.emplace(id, set);
    }
    RC_ASSERT(table.size() == model.size());
    for (std::uint64_t n = 0; n < 60; ++n) {
        ReservationId const id(Id128(0, n));
        auto const* const found = table.find(id);
        RC_ASSERT((found != nullptr) == model.contains(id));
        RC_ASSERT((found == nullptr || *found == model.at(id)));
    }
    OpenPromises rebuilt;
    for (auto const& [id, promise] : model)
        rebuilt.set(promise);
    RC_ASSERT(rebuilt == table);
}

} // namespace
} // namespace kontor::stock
