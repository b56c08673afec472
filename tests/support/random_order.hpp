#pragma once

/// Random commands for one order, drawn by RapidCheck: mostly sensible, often wrong, so that a
/// sequence of them gets far and meets every no on its way. Call it inside a property only.

#include "tests/support/orders.hpp"

#include <rapidcheck.h>

#include <algorithm>

namespace kontor::testing {

inline std::int64_t drawn(std::int64_t from, std::int64_t to) {
    // At the nominal size: RapidCheck draws close to `from` while a property is young.
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::int64_t>(from, to + 1));
}

inline NetTax any_worth() {
    return worth(drawn(0, 1'000), drawn(0, 200));
}

inline SkuKind any_kind() {
    return *rc::gen::weightedElement<SkuKind>(
        {{6, SkuKind::goods}, {1, SkuKind::shipping}, {1, SkuKind::voucher}, {1, SkuKind::charge}});
}

inline std::vector<order::Line> any_lines(std::int64_t at_most) {
    std::vector<order::Line> lines;
    auto const count = drawn(1, at_most);
    for (int n = 1; n <= count; ++n)
        lines.push_back(line(n, drawn(1, 7), any_worth(), any_kind()));
    return lines;
}

inline order::Place any_place() {
    auto command = place(any_lines(5), any_worth());
    command.promises.services_ship =
        *rc::gen::element(order::ServicesShip::at_confirmation, order::ServicesShip::when_told);
    if (*rc::gen::arbitrary<bool>())
        command.promises.return_window.reset();
    return command;
}

template <class Id>
Id any_id() {
    return nth<Id>(static_cast<std::uint64_t>(drawn(1, 5)));
}

inline std::vector<LineQuantity> any_units() {
    std::vector<LineQuantity> lines;
    auto const count = *rc::gen::weightedElement<int>({{1, 0}, {8, 1}, {4, 2}, {2, 3}});
    for (int i = 0; i < count; ++i)
        lines.push_back(units(static_cast<int>(drawn(1, 6)), drawn(1, 4)));
    return lines;
}

/// Every unit that may still ship.
inline std::vector<LineQuantity> all_open(order::Book const& book) {
    std::vector<LineQuantity> lines;
    for (std::size_t i = 0; i < book.lines.size(); ++i)
        if (auto const open = book.lines[i].open_units(); open > 0)
            lines.push_back(units(static_cast<int>(i) + 1, open));
    return lines;
}

/// Some units of lines that arrived, sometimes more than did.
inline std::vector<LineQuantity> any_delivered(order::Book const& book) {
    std::vector<LineQuantity> lines;
    for (std::size_t i = 0; i < book.lines.size(); ++i)
        if (auto const delivered = book.lines[i].delivered; delivered > 0 && drawn(0, 2) > 0)
            lines.push_back(units(static_cast<int>(i) + 1, drawn(1, delivered + 1)));
    return lines;
}

inline std::vector<LineQuantity> any_open(order::Book const& book) {
    return *rc::gen::arbitrary<bool>() ? all_open(book) : any_units();
}

inline ActorKind any_actor() {
    return *rc::gen::element(ActorKind::customer, ActorKind::operator_, ActorKind::process);
}

inline std::vector<order::ReturnedLine> any_returned(order::Return const& opened) {
    std::vector<LineQuantity> wanted = any_units();
    if (drawn(0, 3) > 0) {
        wanted.clear();
        for (auto const& awaited : opened.awaited)
            if (awaited.units > 0)
                wanted.push_back(units(awaited.line, drawn(1, awaited.units)));
    }
    std::vector<order::ReturnedLine> lines;
    for (auto const& each : wanted)
        lines.push_back({each.line, each.quantity,
                         *rc::gen::element(ItemCondition::restock, ItemCondition::damaged,
                                           ItemCondition::write_off)});
    return lines;
}

inline order::RefundKind any_refund_kind() {
    return *rc::gen::element(order::RefundKind::cancel, order::RefundKind::return_,
                             order::RefundKind::goodwill, order::RefundKind::shipping,
                             order::RefundKind::compensation);
}

inline std::optional<FulfilmentId> any_parcel() {
    return drawn(0, 4) == 0 ? std::nullopt : std::optional(any_id<FulfilmentId>());
}

inline order::Command any_return(order::Book const& book) {
    switch (drawn(1, 10)) {
    case 1:
    case 2:
        return order::RequestReturn{
            any_id<ReturnId>(), {}, "undeliverable", any_actor(), any_id<FulfilmentId>()};
    case 3:
    case 4:
    case 5:
        return order::RequestReturn{any_id<ReturnId>(), any_delivered(book), "no", any_actor(), {}};
    case 6: return order::CancelReturn{any_id<ReturnId>(), "kept"};
    default: break;
    }
    for (auto const& opened : book.returns)
        if (opened.status == order::Return::Status::open)
            return order::ReceiveReturn{opened.return_id, any_returned(opened),
                                        *rc::gen::arbitrary<bool>()};
    return order::ReceiveReturn{any_id<ReturnId>(), any_returned({}), true};
}

inline order::Command any_edit(order::Book const& book) {
    switch (drawn(1, 4)) {
    case 1: return order::OpenEdit{{any_actor(), {}}};
    case 2: return order::AbandonEdit{"late"};
    default:
        return order::CommitEdit{*rc::gen::arbitrary<bool>() ? any_lines(2)
                                                             : std::vector<order::Line>{},
                                 *rc::gen::arbitrary<bool>() ? any_units() : any_open(book),
                                 any_id<PaymentId>(), any_id<ReservationId>()};
    }
}

inline order::Command any_refund() {
    return order::GrantRefund{any_id<RefundId>(),
                              any_id<PaymentId>(),
                              any_refund_kind(),
                              pence(drawn(0, 300)),
                              {},
                              {},
                              "late",
                              any_actor()};
}

/// What is asked before an order is confirmed.
inline order::Command any_beginning() {
    switch (drawn(1, 6)) {
    case 1: return order::Reject{order::RejectReason::no_stock};
    case 2: return order::Expire{};
    case 3: return any_place();
    case 4: return order::Confirm{any_id<PaymentId>(), any_id<ReservationId>()};
    default:
        return order::OfferPayment{static_cast<std::uint32_t>(drawn(1, 4)), PaymentMethod("card"),
                                   Personal<std::string>("tok")};
    }
}

/// What is asked of an order that is under way.
inline order::Command any_change(order::Book const& book) {
    auto const many = drawn(1, 40);
    if (many == 1)
        return order::Cancel{"no", any_actor()};
    if (many <= 3)
        return any_beginning();
    if (many <= 6)
        return order::CancelLines{any_units(), "no", any_actor()};
    if (many <= 8)
        return order::ChangeAddress{somewhere(), {}};
    if (many <= 11)
        return any_edit(book);
    if (many <= 19)
        return order::Ship{any_parcel(), any_open(book)};
    if (many <= 26)
        return order::Deliver{any_parcel()};
    if (many <= 28)
        return order::Complete{pence(0), pence(drawn(0, 1))};
    if (many <= 32)
        return any_refund();
    return any_return(book);
}

/// Any command, more often one that fits the phase.
inline order::Command any_command(order::State const& state) {
    auto const* const book = order::book_of(state);
    if (book == nullptr)
        return drawn(0, 9) == 0 ? any_refund() : order::Command(any_place());
    switch (order::phase_of(state)) {
    case order::Phase::placed:
        if (drawn(0, 1) == 0)
            return order::Confirm{any_id<PaymentId>(), any_id<ReservationId>()};
        return drawn(0, 2) == 0 ? any_change(*book) : any_beginning();
    case order::Phase::editing: return drawn(0, 1) == 0 ? any_edit(*book) : any_change(*book);
    case order::Phase::nothing:
    case order::Phase::confirmed:
    case order::Phase::completed:
    case order::Phase::cancelled:
    case order::Phase::rejected:
    case order::Phase::expired: return any_change(*book);
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::testing
