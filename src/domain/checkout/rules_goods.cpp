#include "domain/checkout/rules.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

std::int32_t open_units(Goods const& goods) {
    return goods.unpromised + goods.ready + goods.waiting;
}

bool is_waiting_for_stock(State const& state) {
    return std::ranges::any_of(state.goods, [](Goods const& goods) { return goods.waiting > 0; });
}

bool has_ready(State const& state) {
    return std::ranges::any_of(state.goods, [](Goods const& goods) {
        return goods.ready > 0 && goods.line != LineNumber{};
    });
}

bool has_open_parcel(State const& state) {
    return std::ranges::any_of(
        state.parcels, [](Parcel const& parcel) { return parcel.status == ParcelStatus::open; });
}

/// The units of the next parcel: one location, one reservation, at most 40 SKUs.
std::vector<LineQuantity> next_parcel(State const& state) {
    std::vector<LineQuantity> lines;
    Goods const* first = nullptr;
    Few<Sku, 4> skus;
    for (auto const& goods : state.goods) {
        if (goods.ready == 0 || goods.line == LineNumber{} ||
            (first != nullptr &&
             (goods.location != first->location || goods.reservation != first->reservation)))
            continue;
        auto const is_in = std::ranges::find(skus, goods.sku) != skus.end();
        if (!is_in && skus.size() == parcel_skus_max)
            continue;
        if (!is_in)
            skus.push_back(goods.sku);
        first = first == nullptr ? &goods : first;
        lines.push_back({goods.line, Quantity::of(goods.ready)});
    }
    return lines;
}

void hold(Draft& draft, FulfilmentId parcel, fulfilment::HoldReason reason) {
    draft.send({.step = Step::hold_parcel,
                .subject = parcel.value(),
                .number = static_cast<std::uint32_t>(reason)});
}

void create_parcels(Draft& draft) {
    if (draft.state().edit || draft.state().by_hand)
        return;
    while (has_ready(draft.state())) {
        auto const& state = draft.state();
        auto const id = parcel_id(state.order_id, state.parcels_made + 1U);
        draft.send({.step = Step::create_parcel,
                    .subject = id.value(),
                    .at = std::max(state.ship_by, draft.now()),
                    .lines = next_parcel(state)});
    }
}

/// Parcels wait while support reviews the order or an edit is open.
void hold_parcels(Draft& draft) {
    using fulfilment::HoldReason;
    for (auto const reason : {HoldReason::in_review, HoldReason::order_edit}) {
        auto const wanted = reason == HoldReason::in_review ? draft.state().in_review
                                                            : draft.state().edit.has_value();
        for (std::size_t i = 0; i < draft.state().parcels.size(); ++i) {
            auto const& parcel = draft.state().parcels[i];
            auto const is_held = (parcel.holds >> static_cast<unsigned>(reason) & 1U) != 0;
            if (parcel.status != ParcelStatus::open || is_held == wanted)
                continue;
            if (wanted)
                hold(draft, parcel.id, reason);
            else
                draft.send({.step = Step::resume_parcel,
                            .subject = parcel.id.value(),
                            .number = static_cast<std::uint32_t>(reason)});
        }
    }
}

void cancel_pulled(Draft& draft) {
    auto const reason = is_closed(draft.state()) ? fulfilment::HoldReason::order_cancelled
                                                 : fulfilment::HoldReason::lines_cancelled;
    for (std::size_t i = 0; i < draft.state().parcels.size(); ++i) {
        auto const& parcel = draft.state().parcels[i];
        if (parcel.status == ParcelStatus::pulled)
            draft.send({.step = Step::cancel_parcel,
                        .subject = parcel.id.value(),
                        .number = static_cast<std::uint32_t>(reason)});
    }
}

void release_excess(Draft& draft) {
    while (!draft.state().excess.empty()) {
        auto const& state = draft.state();
        auto const index = state.excess.front().reservation;
        reservation::Items items;
        for (auto const& excess : state.excess)
            if (excess.reservation == index)
                items.push_back(excess.item);
        draft.send(
            {.step = Step::release,
             .subject = state.reservations[index].id.value(),
             .number = static_cast<std::uint32_t>(reservation::ReleaseReason::order_cancelled),
             .items = std::move(items)});
    }
}

/// Units that will not ship in time are cancelled; asked again each hour until that is done.
void cancel_late_lines(Draft& draft, Deadline because) {
    std::vector<LineQuantity> lines;
    auto const add = [&](LineNumber line, std::int64_t units) {
        auto const found = std::ranges::find_if(
            lines, [&](LineQuantity const& unit) { return unit.line == line; });
        if (units > 0 && found == lines.end())
            lines.push_back({line, Quantity::of(units)});
        else if (units > 0)
            found->quantity = Quantity::of(found->quantity.value() + units);
    };
    auto const only_waiting = because == Deadline::backorder_by;
    for (auto const& goods : draft.state().goods)
        if (goods.line != LineNumber{})
            add(goods.line, only_waiting                   ? goods.waiting
                            : because == Deadline::ship_by ? goods.ready + goods.unpromised
                                                           : open_units(goods));
    if (!only_waiting)
        for (auto const& parcel : draft.state().parcels)
            if (parcel.status == ParcelStatus::open)
                for (auto const& unit : parcel.lines)
                    add(unit.line, unit.quantity.value());
    if (lines.empty())
        return;
    draft.send({.step = Step::cancel_lines,
                .number = static_cast<std::uint32_t>(because),
                .lines = std::move(lines)});
    draft.wait(because, draft.now() + Duration::hours(1));
}

void wait_for_shipping(Draft& draft) {
    auto const& input = draft.input();
    if (input.kind == InputKind::deadline_reached &&
        (input.deadline == Deadline::ship_by || input.deadline == Deadline::backorder_by ||
         input.deadline == Deadline::buyer_answer))
        cancel_late_lines(draft, *input.deadline);
    if (input.kind == InputKind::deadline_reached && input.deadline == Deadline::review)
        draft.alarm(Deadline::review);
    auto const& state = draft.state();
    auto const is_shippable = has_open_parcel(state) || has_ready(state);
    auto const ship_by = std::max(state.ship_by, draft.now() + Duration::hours(1));
    draft.wait_while(is_shippable, Deadline::ship_by, ship_by);
    draft.wait_while(is_waiting_for_stock(state), Deadline::backorder_by,
                     draft.now() + wait_of(Deadline::backorder_by).lasts);
    if (input.kind == InputKind::risk_flagged)
        draft.wait(Deadline::review, draft.now() + wait_of(Deadline::review).lasts);
    if (!state.in_review)
        draft.lift(Deadline::review);
}

void wait_for_delivery(Draft& draft) {
    auto const& input = draft.input();
    if (input.kind == InputKind::shipped && input.subject)
        draft.wait(Deadline::delivery, draft.now() + wait_of(Deadline::delivery).lasts,
                   *input.subject);
    if (input.kind == InputKind::deadline_reached && input.deadline == Deadline::delivery) {
        draft.alarm(Deadline::delivery, *input.subject);
        draft.send({.step = Step::deliver_parcel, .subject = input.subject});
        draft.wait(Deadline::delivery, draft.now() + Duration::hours(1), *input.subject);
    }
    for (std::size_t i = 0; i < draft.state().parcels.size(); ++i) {
        auto const& parcel = draft.state().parcels[i];
        auto const is_news =
            input.kind == InputKind::return_cancelled || input.kind == InputKind::refused;
        if (parcel.status == ParcelStatus::lost && is_news)
            draft.send({.step = Step::deliver_parcel, .subject = parcel.id.value()});
    }
}

/// No goods are left, and nothing has left: services go alone. The order mostly ships them itself,
/// so it is given a moment.
void ship_services(Draft& draft) {
    auto const& state = draft.state();
    auto const is_due = !is_left_to_ship(state) && !state.has_shipped && !state.edit;
    if (!is_due)
        return;
    auto const is_time = draft.input().kind == InputKind::deadline_reached &&
                         draft.input().deadline == Deadline::complete;
    if (is_time)
        draft.send({.step = Step::ship_services});
    auto const pause = is_time ? wait_of(Deadline::complete).lasts : Duration::minutes(1);
    draft.wait_while(true, Deadline::complete, draft.now() + pause);
}

} // namespace

bool is_left_to_ship(State const& state) {
    auto const is_open = [](Goods const& goods) { return open_units(goods) > 0; };
    return std::ranges::any_of(state.goods, is_open) || has_open_parcel(state);
}

void go_on_with_goods(Draft& draft) {
    cancel_pulled(draft);
    release_excess(draft);
    create_parcels(draft);
    hold_parcels(draft);
    wait_for_shipping(draft);
    wait_for_delivery(draft);
    ship_services(draft);
}

} // namespace kontor::checkout
