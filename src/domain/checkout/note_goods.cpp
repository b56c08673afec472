#include "domain/checkout/note.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

Goods* find_goods(State& state, LineNumber line) {
    auto const found =
        std::ranges::find_if(state.goods, [&](Goods const& goods) { return goods.line == line; });
    return found == state.goods.end() ? nullptr : &*found;
}

std::int32_t units(Quantity quantity) {
    return static_cast<std::int32_t>(quantity.value());
}

std::int32_t take(std::int32_t& pool, std::int32_t& wanted) {
    auto const taken = std::min(pool, wanted);
    pool -= taken;
    wanted -= taken;
    return taken;
}

/// Empties a parcel that will not leave; its units are on the shelf again, promised.
void unpack(State& state, Parcel& parcel, ParcelStatus status) {
    for (auto const& unit : parcel.lines)
        if (auto* const goods = find_goods(state, unit.line))
            goods->ready += units(unit.quantity);
    parcel.lines.clear();
    parcel.status = status;
}

/// Pulls open parcels that hold units of this line, newest first, until enough are free.
void pull_parcels(State& state, Goods const& goods, std::int32_t wanted) {
    for (auto parcel = state.parcels.rbegin(); parcel != state.parcels.rend(); ++parcel) {
        if (goods.ready + goods.waiting + goods.unpromised >= wanted)
            return;
        auto const holds_line = std::ranges::any_of(
            parcel->lines, [&](LineQuantity const& unit) { return unit.line == goods.line; });
        if (parcel->status == ParcelStatus::open && holds_line)
            unpack(state, *parcel, ParcelStatus::pulled);
    }
}

void cancel_units(State& state, LineQuantity const& cancelled) {
    auto* const goods = find_goods(state, cancelled.line);
    if (goods == nullptr)
        return;
    auto wanted = units(cancelled.quantity);
    pull_parcels(state, *goods, wanted);
    take(goods->unpromised, wanted);
    auto const backordered = take(goods->waiting, wanted);
    auto const reserved = take(goods->ready, wanted);
    if (backordered + reserved > 0)
        state.excess.push_back(
            {goods->reservation,
             {goods->sku, goods->location, Count(reserved), Count(backordered)}});
}

void promise(Goods& goods, reservation::Item const& item, std::uint16_t reservation,
             std::int32_t& reserved, std::int32_t& backordered) {
    goods.location = item.location;
    goods.reservation = reservation;
    goods.ready += take(goods.unpromised, reserved);
    goods.waiting += take(goods.unpromised, backordered);
}

void add_wanted(State& state, std::vector<Wanted> const& lines) {
    for (auto const& wanted : lines)
        state.goods.push_back(
            {.line = wanted.line, .sku = wanted.sku, .unpromised = units(wanted.quantity)});
}

/// Goods of a committed edit get the units that its reservation holds under line 0.
void adopt_edited(State& state, Wanted const& wanted) {
    Goods fresh{.line = wanted.line, .sku = wanted.sku, .unpromised = units(wanted.quantity)};
    for (auto& pool : state.goods) {
        if (pool.line != LineNumber{} || pool.sku != fresh.sku)
            continue;
        fresh.location = pool.location;
        fresh.reservation = pool.reservation;
        auto const ready = std::min(pool.ready, fresh.unpromised);
        auto const waiting = std::min(pool.waiting, fresh.unpromised - ready);
        pool.ready -= ready;
        pool.waiting -= waiting;
        fresh.ready += ready;
        fresh.waiting += waiting;
        fresh.unpromised -= ready + waiting;
    }
    state.goods.push_back(fresh);
}

void note_received(State& state, Return& found, Noted const& input) {
    state.seen.push_back(*input.other);
    if (input.count != 0)
        found.owed += input.amount->minor();
    else
        found.inspecting = true;
}

void drop_edit_pools(State& state) {
    drop_if(state.goods, [](Goods const& goods) { return goods.line == LineNumber{}; });
}

} // namespace

void note_placed(State& state, Noted const& input) {
    state.order_id = OrderId(*input.subject);
    state.capture = CaptureSetting(input.number);
    state.offers = static_cast<std::uint16_t>(input.count);
    state.currency = input.amount->currency();
    state.total = input.amount->minor();
    state.pay_by = *input.at;
    add_wanted(state, input.wanted);
}

void note_confirmed(State& state, Noted const& input) {
    state.order = OrderStatus::confirmed;
    state.ship_by = *input.at;
    for (auto& reservation : state.reservations)
        if (reservation.hold == Hold::held)
            reservation.hold = Hold::confirmed;
}

void note_closed(State& state) {
    state.order = OrderStatus::closed;
    state.total = 0;
    for (auto& parcel : state.parcels)
        if (parcel.status == ParcelStatus::open)
            unpack(state, parcel, ParcelStatus::pulled);
    state.goods.clear();
    state.excess.clear();
    state.edit.reset();
    lower_due(state);
}

void note_lines_cancelled(State& state, Noted const& input) {
    state.seen.push_back(*input.other);
    state.total -= input.amount->minor();
    lower_due(state);
    for (auto const& cancelled : input.lines)
        cancel_units(state, cancelled);
}

void note_edited(State& state, Noted const& input) {
    for (auto const& cancelled : input.lines)
        cancel_units(state, cancelled);
    for (auto const& wanted : input.wanted)
        adopt_edited(state, wanted);
    drop_edit_pools(state);
    for (auto& reservation : state.reservations)
        if (reservation.hold == Hold::held)
            reservation.hold = Hold::confirmed;
    state.total += input.amount->minor();
    lower_due(state);
    state.last_cause = Id128::derive(state.order_id.value(), "edit", state.edits);
    state.edit.reset();
}

/// What was or will be authorised for it pays for nothing.
void note_edit_abandoned(State& state) {
    drop_edit_pools(state);
    for (auto& payment : state.payments)
        if (payment.use == PaymentUse::edit && payment.edit == state.edits)
            payment.superseded = true;
    state.edit.reset();
}

void note_shipped(State& state, Noted const& input) {
    state.has_shipped = true;
    state.shipped += input.amount->minor();
    if (!input.subject) {
        state.services_shipped = true;
        state.services_open = true;
        state.last_cause = state.order_id.value();
        return;
    }
    state.last_cause = *input.subject;
    auto* parcel = find_parcel(state, *input.subject);
    if (parcel == nullptr) {
        state.parcels.push_back({.id = FulfilmentId(*input.subject)});
        parcel = &state.parcels.back();
        pack(state, *parcel, input.lines);
    }
    parcel->status = ParcelStatus::shipped;
}

void note_delivered(State& state, Noted const& input) {
    if (!input.subject) {
        state.services_open = false;
    } else if (auto* const parcel = find_parcel(state, *input.subject)) {
        parcel->status = ParcelStatus::arrived;
        parcel->lines.clear();
    }
}

void pack(State& state, Parcel& parcel, std::vector<LineQuantity> const& lines) {
    for (auto const& unit : lines) {
        auto* const goods = find_goods(state, unit.line);
        if (goods == nullptr)
            continue;
        parcel.lines.push_back(unit);
        auto wanted = units(unit.quantity);
        take(goods->ready, wanted);
        take(goods->waiting, wanted);
        take(goods->unpromised, wanted);
    }
}

void note_held(State& state, Noted const& input) {
    auto* const reservation = find_reservation(state, *input.subject);
    if (reservation == nullptr)
        return;
    auto const index = static_cast<std::uint16_t>(reservation - state.reservations.data());
    reservation->parts = static_cast<std::uint16_t>(input.number);
    if (input.count != 0)
        reservation->hold = Hold::held;
    auto const for_edit = reservation->attempt >= own_attempts_from;
    if (for_edit && !state.edit) // it was abandoned meanwhile, and all of it is given back
        return;
    for (auto const& item : input.items) {
        auto reserved = static_cast<std::int32_t>(item.reserved.value());
        auto backordered = static_cast<std::int32_t>(item.backordered.value());
        if (for_edit) {
            state.goods.push_back({.line = {},
                                   .sku = item.sku,
                                   .location = item.location,
                                   .reservation = index,
                                   .ready = reserved,
                                   .waiting = backordered});
            continue;
        }
        for (auto& goods : state.goods)
            if (goods.sku == item.sku && goods.unpromised > 0)
                promise(goods, item, index, reserved, backordered);
    }
}

void note_reservation_closed(State& state, Noted const& input) {
    auto* const reservation = find_reservation(state, *input.subject);
    if (reservation == nullptr)
        return;
    reservation->hold = Hold::closed;
    auto const index = static_cast<std::uint16_t>(reservation - state.reservations.data());
    drop_if(state.goods, [&](Goods const& goods) {
        return goods.line == LineNumber{} && goods.reservation == index;
    });
    for (auto& goods : state.goods) {
        if (goods.reservation != index)
            continue;
        goods.unpromised += goods.ready + goods.waiting;
        goods.ready = 0;
        goods.waiting = 0;
    }
}

void note_filled(State& state, Noted const& input) {
    for (auto const& item : input.items) {
        auto filled = static_cast<std::int32_t>(item.reserved.value());
        for (auto& goods : state.goods)
            if (goods.sku == item.sku && goods.location == item.location)
                goods.ready += take(goods.waiting, filled);
    }
}

void note_parcel(State& state, Noted const& input) {
    auto* const parcel = find_parcel(state, *input.subject);
    if (input.kind == InputKind::parcel_created) {
        state.parcels.push_back({.id = FulfilmentId(*input.subject)});
        pack(state, state.parcels.back(), input.lines);
    } else if (parcel != nullptr && input.kind == InputKind::parcel_returned) {
        parcel->status = ParcelStatus::returning;
    } else if (parcel != nullptr) {
        state.by_hand = state.by_hand || parcel->status == ParcelStatus::open;
        unpack(state, *parcel, ParcelStatus::gone);
    }
}

void note_return(State& state, Noted const& input) {
    auto* found = find_return(state, *input.subject);
    if (found == nullptr && input.kind == InputKind::return_requested) {
        state.returns.push_back({.id = ReturnId(*input.subject)});
        found = &state.returns.back();
    }
    if (found == nullptr)
        return;
    if (input.kind == InputKind::return_requested) {
        found->parcel = FulfilmentId(input.other.value_or(Id128{}));
        if (auto* const parcel = find_parcel(state, found->parcel.value()))
            parcel->status = ParcelStatus::coming_back;
        return;
    }
    auto const received = input.kind == InputKind::return_received;
    if (received)
        note_received(state, *found, input);
    found->awaited = found->awaited && received && input.number == 0;
    auto* const parcel = find_parcel(state, found->parcel.value());
    if (!found->awaited && parcel != nullptr && parcel->status == ParcelStatus::coming_back)
        parcel->status = received ? ParcelStatus::arrived : ParcelStatus::lost;
}

} // namespace kontor::checkout
