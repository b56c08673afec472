#include "domain/checkout/commands.hpp"

#include "domain/checkout/state.hpp"
#include "domain/checkout/table.hpp"

#include <algorithm>

namespace kontor::checkout {
namespace {

Sku sku_of(State const& state, LineNumber line) {
    auto const found =
        std::ranges::find_if(state.goods, [&](Goods const& goods) { return goods.line == line; });
    KONTOR_ASSERT(found != state.goods.end(), "line {} is of no goods", line.value());
    return found->sku;
}

fulfilment::Lines lines_of(State const& state, std::vector<LineQuantity> const& lines) {
    fulfilment::Lines result;
    result.reserve(lines.size());
    for (auto const& unit : lines)
        result.push_back({unit.line, sku_of(state, unit.line), unit.quantity});
    return result;
}

fulfilment::Lines lines_of_edit(State const& state) {
    fulfilment::Lines result;
    if (state.edit)
        for (auto const& line : state.edit->added)
            if (line.kind == SkuKind::goods)
                result.push_back({line.line, line.sku, line.quantity});
    return result;
}

template <class Id>
std::optional<Id> optional_id(std::optional<Id128> id) {
    return id ? std::optional<Id>(Id(*id)) : std::nullopt;
}

Command reserve(State const& after, Sent const& sent) {
    auto const for_edit = sent.number >= own_attempts_from;
    return ReserveLines{ReservationId(*sent.subject), static_cast<std::uint16_t>(sent.number),
                        for_edit ? lines_of_edit(after) : lines_of(after, sent.lines), *sent.at};
}

Command authorise(State const& after, Sent const& sent) {
    auto const by_buyer = PaymentUse(sent.count) == PaymentUse::offer;
    return Authorise{PaymentId(*sent.subject), sent.number, after.offers_used, *sent.amount,
                     by_buyer ? payment::Initiator::customer : payment::Initiator::merchant};
}

Command create_parcel(State const& after, Sent const& sent) {
    auto const line = sent.lines.front().line;
    auto const found =
        std::ranges::find_if(after.goods, [&](Goods const& goods) { return goods.line == line; });
    KONTOR_ASSERT(found != after.goods.end(), "line {} is of no goods", line.value());
    return CreateFulfilment{FulfilmentId(*sent.subject), found->location,
                            lines_of(after, sent.lines), *sent.at};
}

/// What a capture is for may be an edit or services: then there is no parcel to name.
std::optional<FulfilmentId> capture_parcel(State const& after, Id128 cause) {
    auto const known = std::ranges::any_of(
        after.parcels, [&](Parcel const& parcel) { return parcel.id.value() == cause; });
    return known ? std::optional(FulfilmentId(cause)) : std::nullopt;
}

Command commit_edit(State const& after, Sent const& sent) {
    KONTOR_ASSERT(after.edit.has_value(), "an edit is committed that is not open");
    return CommitEdit{after.edit->added, after.edit->cancelled,
                      optional_id<PaymentId>(sent.subject), optional_id<ReservationId>(sent.other)};
}

} // namespace

Command command_of(State const& after, Sent const& sent) {
    auto const id = sent.subject.value_or(Id128{});
    auto const other = sent.other.value_or(Id128{});
    switch (sent.step) {
    case Step::reserve: return reserve(after, sent);
    case Step::extend_hold: return ExtendHold{ReservationId(id), *sent.at};
    case Step::release:
        return ReleaseReservation{ReservationId(id), sent.items,
                                  reservation::ReleaseReason(sent.number)};
    case Step::authorise: return authorise(after, sent);
    case Step::find:
        return FindPayment{PaymentId(id), payment::OperationKind(sent.number), other,
                           IfNothingFound(sent.count)};
    case Step::capture:
        return Capture{payment_id(after.order_id, sent.number), CaptureId(id),
                       capture_parcel(after, other), *sent.amount, sent.count != 0};
    case Step::void_: return VoidPayment{PaymentId(id), payment::VoidReason(sent.number)};
    case Step::refund:
        return RefundPayment{RefundId(id), payment_id(after.order_id, sent.number),
                             order::RefundKind(sent.count), *sent.amount,
                             optional_id<ReturnId>(sent.other)};
    case Step::confirm_order:
        return ConfirmOrder{optional_id<PaymentId>(sent.subject),
                            optional_id<ReservationId>(sent.other)};
    case Step::reject_order: return RejectOrder{order::RejectReason(sent.number), sent.shortages};
    case Step::expire_order: return ExpireOrder{};
    case Step::cancel_order: return CancelOrder{};
    case Step::create_parcel: return create_parcel(after, sent);
    case Step::cancel_parcel:
        return CancelFulfilment{FulfilmentId(id), fulfilment::HoldReason(sent.number)};
    case Step::hold_parcel:
        return HoldFulfilment{FulfilmentId(id), fulfilment::HoldReason(sent.number)};
    case Step::resume_parcel:
        return ResumeFulfilment{FulfilmentId(id), fulfilment::HoldReason(sent.number)};
    case Step::deliver_parcel: return DeliverFulfilment{optional_id<FulfilmentId>(sent.subject)};
    case Step::cancel_lines: return CancelLines{sent.lines, Deadline(sent.number)};
    case Step::request_return: return RequestReturn{ReturnId(id), FulfilmentId(other), sent.lines};
    case Step::cancel_return: return CancelReturn{ReturnId(id)};
    case Step::commit_edit: return commit_edit(after, sent);
    case Step::abandon_edit: return AbandonEdit{};
    case Step::complete_order: return CompleteOrder{*sent.amount, *sent.uncollected};
    case Step::ask_buyer: return AskBuyer{PaymentId(id)};
    case Step::ship_services: return ShipServices{};
    case Step::raise_alarm: return RaiseAlarm{Deadline(sent.number), id};
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::checkout
