/// The steps that follow a purchase: dispatch, cancellations, returns, goodwill.

#include "services/import/limits.hpp"
#include "services/import/steps.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kontor::online_retail {
namespace {

FulfilmentId parcel_id(OrderId order, std::uint64_t number) {
    return derive_id<FulfilmentId>(order, "parcel", number);
}

} // namespace

/// What is left of the goods, at most `parcel_skus_max` SKUs a parcel.
std::vector<fulfilment::Lines> Steps::parcels(OrderIndex index) const {
    auto const& order = plan_.orders[index];
    auto const goods = remaining_goods(index);
    std::vector<fulfilment::Lines> parcels((goods.size() + parcel_skus_max - 1) / parcel_skus_max);
    for (LineIndex line = order.first_line; line < order.first_line + order.line_count; ++line) {
        if (!is_goods(line) || left_of(line) == 0)
            continue;
        auto const found = std::ranges::lower_bound(goods, row_of(line).sku, {}, &Remaining::sku);
        parcels[static_cast<std::size_t>(found - goods.begin()) / parcel_skus_max].push_back(
            {names_.line(line), names_.sku(row_of(line).sku), Quantity::of(left_of(line))});
    }
    return parcels;
}

void Steps::pack_and_send(Cause const& cause, OrderIndex order) {
    auto const id = names_.order(order);
    auto const packed = parcels(order);
    services::Compound create;
    for (std::uint64_t i = 0; i < packed.size(); ++i)
        create.commands.push_back(
            OnParcel{parcel_id(id, i), fulfilment::Create{.order_id = id,
                                                          .location = names_.warehouse(),
                                                          .lines = packed[i],
                                                          .ship_by = cause.now}});
    if (packed.empty()) {
        ask(cause, "ship services", 0, services::Compound{{OnOrder{id, order::Ship{}}}});
        ask(cause, "deliver services", 0, services::Compound{{OnOrder{id, order::Deliver{}}}});
        return;
    }
    ask(cause, "pack", 0, std::move(create));
    for (std::uint64_t i = 0; i < packed.size(); ++i) {
        ask(cause, "dispatch", i,
            services::DispatchParcel{
                parcel_id(id, i), names_.reservation(order), fulfilment::Carrier("recorded"), {}});
        ask(cause, "deliver", i,
            services::Compound{{OnParcel{parcel_id(id, i), fulfilment::Deliver{cause.now}},
                                OnOrder{id, order::Deliver{parcel_id(id, i)}}}});
    }
}

/// Captures what was not cancelled, gives up the rest, and completes the order.
void Steps::collect_money(Cause const& cause, OrderIndex index) {
    auto const& order = plan_.orders[index];
    auto const id = names_.order(index);
    auto const captured = Money::of(order.captured(), gbp);
    services::Compound compound;
    if (order.captured() > 0)
        compound.commands.push_back(OnPayment{
            names_.payment(index),
            payment::RecordCaptured{derive_id<CaptureId>(id, "capture"), captured, true}});
    else if (order.gross > 0)
        compound.commands.push_back(OnPayment{
            names_.payment(index), payment::RecordVoided{payment::VoidReason::rest_unused}});
    compound.commands.push_back(OnOrder{id, order::Complete{captured, Money::zero(gbp)}});
    ask(cause, "complete", 0, std::move(compound));
}

void Steps::dispatch(Act const& act) {
    auto const cause = names_.of_order(act.index, act.at);
    pack_and_send(cause, act.index);
    collect_money(cause, act.index);
}

void Steps::undo(Act const& act) {
    auto const& undoing = plan_.undoings[act.index];
    auto const cause = names_.of_undoing(undoing.cancellation, undoing.order, act.at);
    if (plan_.matches[undoing.first_match].same_day)
        cancel(cause, undoing);
    else
        take_back(cause, undoing);
}

/// Units by line of the order, each line once.
std::vector<LineQuantity> Steps::lines_of(Undoing const& undoing) const {
    std::vector<LineQuantity> lines;
    for (std::uint32_t i = 0; i < undoing.match_count; ++i) {
        auto const& match = plan_.matches[undoing.first_match + i];
        auto const line = names_.line(match.line);
        auto const units = Quantity::of(match.units);
        if (!lines.empty() && lines.back().line == line)
            lines.back().quantity = Quantity::of(lines.back().quantity.value() + units.value());
        else
            lines.push_back({line, units});
    }
    return lines;
}

/// The shelves get back what is not wanted any more; a reservation of nothing ends.
services::Compound Steps::cancelled_goods(Undoing const& undoing) {
    auto const before = remaining_goods(undoing.order);
    for (std::uint32_t i = 0; i < undoing.match_count; ++i) {
        auto const& match = plan_.matches[undoing.first_match + i];
        cancelled_[match.line] += match.units;
    }
    auto const after = remaining_goods(undoing.order);
    auto const reservation = names_.reservation(undoing.order);
    services::Compound compound;
    reservation::Items given_back;
    for (auto const& [sku, units] : before) {
        auto const found = std::ranges::lower_bound(after, sku, {}, &Remaining::sku);
        auto const keep = found != after.end() && found->sku == sku ? found->units : 0;
        if (keep == units)
            continue;
        compound.commands.push_back(
            OnStock{names_.shelf(sku), stock::Release{reservation, Count(keep)}});
        given_back.push_back({names_.sku(sku), names_.warehouse(), Count(units), Count()});
    }
    if (after.empty() && !before.empty())
        compound.commands.push_back(OnReservation{
            reservation, reservation::Release{names_.order(undoing.order), std::move(given_back),
                                              reservation::ReleaseReason::order_cancelled}});
    return compound;
}

void Steps::cancel(Cause const& cause, Undoing const& undoing) {
    auto const id = names_.order(undoing.order);
    auto const& order = plan_.orders[undoing.order];
    auto compound = cancelled_goods(undoing);
    compound.commands.push_back(OnOrder{
        id, order::CancelLines{lines_of(undoing),
                               fmt::format("cancellation {}", names_.number(undoing.cancellation)),
                               ActorKind::import}});
    bool is_anything_left = false;
    for (LineIndex i = 0; i < order.line_count; ++i)
        is_anything_left |= left_of(order.first_line + i) > 0;
    if (!is_anything_left && order.gross > 0)
        compound.commands.push_back(
            OnPayment{names_.payment(undoing.order),
                      payment::RecordVoided{payment::VoidReason::order_closed}});
    ask(cause, "cancel", 0, std::move(compound));
}

/// Some SKUs at a time, so that no compound is larger than a parcel.
void Steps::receive(Cause const& cause, Undoing const& undoing, ReturnId return_id) {
    auto const id = names_.order(undoing.order);
    std::vector<std::pair<SkuIndex, LineQuantity>> lines;
    for (std::uint32_t i = 0; i < undoing.match_count; ++i) {
        auto const& match = plan_.matches[undoing.first_match + i];
        lines.push_back(
            {table_.rows[match.row].sku, {names_.line(match.line), Quantity::of(match.units)}});
    }
    std::ranges::stable_sort(lines, {}, &std::pair<SkuIndex, LineQuantity>::first);
    for (std::uint64_t part = 0, at = 0; at < lines.size(); ++part) {
        order::ReceiveReturn received{.return_id = return_id, .lines = {}, .last = false};
        services::Compound compound;
        for (std::size_t skus = 0; skus < parcel_skus_max && at < lines.size(); ++skus) {
            auto const sku = lines[at].first;
            std::int64_t units = 0;
            for (; at < lines.size() && lines[at].first == sku; ++at) {
                auto const& [line, quantity] = lines[at].second;
                received.lines.push_back({line, quantity, ItemCondition::restock});
                units += quantity.value();
            }
            if (plan_.skus[sku].kind == SkuKind::goods)
                compound.commands.push_back(
                    OnStock{names_.shelf(sku), stock::Restock{id, return_id, Quantity::of(units)}});
        }
        received.last = at == lines.size();
        compound.commands.push_back(OnOrder{id, std::move(received)});
        ask(cause, "receive return", part, std::move(compound));
    }
}

void Steps::take_back(Cause const& cause, Undoing const& undoing) {
    auto const id = names_.order(undoing.order);
    ReturnId const return_id(Id128::derive(cause.id, "return"));
    auto const reason = fmt::format("cancellation {}", names_.number(undoing.cancellation));
    ask(cause, "request return", 0,
        services::Compound{{OnOrder{id, order::RequestReturn{.return_id = return_id,
                                                             .lines = lines_of(undoing),
                                                             .reason = reason,
                                                             .by = ActorKind::import}}}});
    receive(cause, undoing, return_id);
    std::int64_t minor = 0;
    for (std::uint32_t i = 0; i < undoing.match_count; ++i) {
        auto const& match = plan_.matches[undoing.first_match + i];
        minor += match.units * table_.rows[match.row].unit_minor();
    }
    refund(cause, undoing.order,
           {.refund_id = RefundId(Id128::derive(cause.id, "refund")),
            .payment_id = names_.payment(undoing.order),
            .kind = order::RefundKind::return_,
            .amount = Money::of(minor, gbp),
            .lines = lines_of(undoing),
            .return_id = return_id,
            .reason = reason,
            .by = ActorKind::import});
}

void Steps::give(Act const& act) {
    auto const& gift = plan_.gifts[act.index];
    auto const cause = names_.of_undoing(gift.cancellation, gift.order, act.at);
    std::int64_t minor = 0;
    for (std::uint32_t i = 0; i < gift.goodwill_count; ++i)
        minor += plan_.goodwill[gift.first_goodwill + i].minor;
    refund(cause, gift.order,
           {.refund_id = RefundId(Id128::derive(cause.id, "goodwill")),
            .payment_id = names_.payment(gift.order),
            .kind = order::RefundKind::goodwill,
            .amount = Money::of(minor, gbp),
            .lines = {},
            .return_id = {},
            .reason = fmt::format("cancellation {}", names_.number(gift.cancellation)),
            .by = ActorKind::import});
}

void Steps::refund(Cause const& cause, OrderIndex order, order::GrantRefund grant) {
    auto const payment = grant.payment_id;
    auto const refund = grant.refund_id;
    auto const amount = grant.amount;
    auto const index = refund.value().low();
    ask(cause, "refund", index,
        services::Compound{{OnOrder{names_.order(order), std::move(grant)},
                            OnPayment{payment, payment::Refund{refund, amount}}}});
    ask(cause, "refunded", index,
        services::Compound{{OnPayment{
            payment, payment::RecordRefunded{refund, amount,
                                             payment::ProviderReference(refund.to_string())}}}});
}

} // namespace kontor::online_retail
