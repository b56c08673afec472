#include "tests/support/shop_model.hpp"

namespace kontor::checkout::spec {

// The order.

void ShopModel::perform(ConfirmOrder const& command) {
    if (confirmed_)
        return;
    if (closed_) {
        refuse(Step::confirm_order, RefusalReason::order_closed);
        return;
    }
    if (command.reservation_id) {
        auto& hold = holds_[*command.reservation_id];
        if (hold == Hold::closed) {
            refuse(Step::confirm_order, RefusalReason::reservation_closed);
            return;
        }
        hold = Hold::confirmed;
    }
    confirmed_ = true;
    tell(order::Confirmed{command.payment_id, command.reservation_id,
                          process_.now() + Duration::days(7)});
}

void ShopModel::perform(RejectOrder const& command) {
    if (closed_)
        return;
    if (confirmed_) {
        refuse(Step::reject_order, RefusalReason::already_confirmed);
        return;
    }
    closed_ = true;
    tell(order::Rejected{command.reason, {}});
}

void ShopModel::perform(ExpireOrder const&) {
    if (closed_)
        return;
    if (confirmed_) {
        refuse(Step::expire_order, RefusalReason::already_confirmed);
        return;
    }
    closed_ = true;
    tell(order::Expired{process_.now()});
}

void ShopModel::perform(CancelOrder const&) {
    cancel_order();
}

void ShopModel::cancel_order() {
    if (closed_ || completed_ || shipped_ > 0)
        return;
    for (auto const& [id, box] : boxes_)
        if (box.has_left)
            return;
    closed_ = true;
    open_.assign(open_.size(), 0);
    tell(order::Cancelled{"", ActorKind::customer, worth(0)});
}

void ShopModel::cancel_lines(std::vector<LineQuantity> const& wanted) {
    if (closed_ || completed_ || !confirmed_)
        return;
    std::vector<LineQuantity> lines;
    for (auto const& unit : wanted) {
        auto& open = open_[unit.line.value() - 1U];
        if (unit.quantity.value() > open)
            return;
        open -= unit.quantity.value();
        lines.push_back(unit);
    }
    if (lines.empty())
        return;
    tell(order::LinesCancelled{lines, worth(value_of(lines)), "", ActorKind::customer,
                               request(++requests_)});
    auto const is_empty = std::ranges::all_of(open_, [](auto units) { return units == 0; });
    auto const has_left =
        std::ranges::any_of(boxes_, [](auto const& box) { return box.second.has_left; });
    if (is_empty && !has_left) {
        closed_ = true;
        tell(order::Cancelled{"", ActorKind::customer, worth(0)});
    }
}

void ShopModel::perform(CancelLines const& command) {
    cancel_lines(command.lines);
}

void ShopModel::buyer_acts() {
    if (dice_.chance(1, 5))
        later(Duration::seconds(dice_.between(0, 3'600)), [this] { cancel_order(); });
    if (dice_.chance(1, 4))
        later(Duration::hours(dice_.between(0, 48)), [this] {
            auto const line = 1 + dice_.below(open_.size());
            auto const open = open_[line - 1];
            if (open > 0)
                cancel_lines({{LineNumber(static_cast<std::uint16_t>(line)),
                               Quantity::of(dice_.between(1, open))}});
        });
}

/// As often within a second as within a month.
void ShopModel::support_acts() {
    for (auto moves = hand_dice_.between(1, 8); moves > 0; --moves) {
        auto const most = std::int64_t{1} << hand_dice_.between(0, 31);
        later(Duration::milliseconds(hand_dice_.between(0, most)), [this] { move_by_hand(); });
    }
}

void ShopModel::move_by_hand() {
    if (state().payments.empty())
        return;
    MoneyAsked wish{state().payments[hand_dice_.below(state().payments.size())].id};
    wish.move = static_cast<MoneyMove>(hand_dice_.below(3));
    auto const most = capturable(state(), wish.payment_id).minor();
    if (wish.move == MoneyMove::capture)
        wish.amount = pounds(hand_dice_.chance(1, 2) && most > 0
                                 ? most
                                 : hand_dice_.between(1, 2 * words_.total() + 1));
    tell(wish);
}

void ShopModel::perform(CompleteOrder const& command) {
    if (completed_ || closed_)
        return;
    for (auto const& [id, box] : boxes_)
        if (box.has_left && !box.has_arrived) {
            refuse(Step::complete_order, RefusalReason::other);
            return;
        }
    for (auto const open : open_)
        if (open > 0) {
            refuse(Step::complete_order, RefusalReason::other);
            return;
        }
    completed_ = true;
    uncollected_ = command.uncollected.minor();
    tell(order::Completed{command.net, command.uncollected});
}

// Parcels.

void ShopModel::perform(CreateFulfilment const& command) {
    if (boxes_.contains(command.fulfilment_id))
        return;
    auto& box = boxes_[command.fulfilment_id];
    for (auto const& line : command.lines)
        box.lines.push_back({line.line, line.quantity});
    tell(command.fulfilment_id,
         fulfilment::Created{order_id, command.location, command.lines, command.ship_by});
    auto const id = command.fulfilment_id;
    if (!dice_.chance(1, 12))
        later(Duration::hours(dice_.between(1, 8)), [this, id] { dispatch(id); });
}

void ShopModel::perform(CancelFulfilment const& command) {
    auto& box = boxes_[command.fulfilment_id];
    if (!box.is_open)
        return;
    if (box.has_left) {
        refuse(Step::cancel_parcel, RefusalReason::already_shipped, command.fulfilment_id.value());
        return;
    }
    box.is_open = false;
    later(soon(), [this, command] {
        tell(command.fulfilment_id, fulfilment::Cancelled{order_id, command.reason});
    });
}

void ShopModel::dispatch(FulfilmentId id) {
    auto& box = boxes_[id];
    if (closed_ || !box.is_open || box.has_left)
        return;
    for (auto const& unit : box.lines)
        if (open_[unit.line.value() - 1U] < unit.quantity.value())
            return;
    for (auto const& unit : box.lines)
        open_[unit.line.value() - 1U] -= unit.quantity.value();
    box.has_left = true;
    shipped_ += value_of(box.lines);
    tell(order::Shipped{id, box.lines, worth(value_of(box.lines))});
    auto const fate = dice_.below(12);
    if (fate == 0)
        return;
    if (fate == 1)
        later(Duration::days(dice_.between(1, 5)), [this, id] { bring_back(id); });
    else
        later(Duration::days(dice_.between(1, 3)), [this, id] { arrive(id); });
}

void ShopModel::arrive(FulfilmentId id) {
    auto& box = boxes_[id];
    if (box.has_arrived)
        return;
    box.has_arrived = true;
    tell(order::Delivered{id, box.lines});
    if (!dice_.chance(1, 6))
        return;
    auto const return_id = ReturnId(Id128::derive(id.value(), "buyer's return"));
    later(Duration::days(dice_.between(1, 20)), [this, id, return_id] {
        auto const lines = boxes_[id].lines;
        returns_[return_id] = true;
        tell(order::ReturnRequested{return_id, lines, "", ActorKind::customer});
        if (dice_.chance(3, 4))
            later(Duration::days(dice_.between(1, 10)),
                  [this, return_id, lines] { receive(return_id, lines); });
    });
}

void ShopModel::bring_back(FulfilmentId id) {
    if (!boxes_[id].has_arrived)
        tell(id, fulfilment::ReturnedToSender{order_id, 2});
}

void ShopModel::perform(RequestReturn const& command) {
    if (boxes_[command.fulfilment_id].has_arrived) {
        refuse(Step::request_return, RefusalReason::other, command.return_id.value());
        return;
    }
    if (returns_.contains(command.return_id))
        return;
    returns_[command.return_id] = true;
    tell(order::ReturnRequested{command.return_id, command.lines, "", ActorKind::process,
                                command.fulfilment_id});
    if (dice_.chance(3, 4))
        later(Duration::days(2), [this, command] {
            boxes_[command.fulfilment_id].has_arrived = true;
            receive(command.return_id, command.lines);
        });
}

void ShopModel::receive(ReturnId id, std::vector<LineQuantity> const& lines) {
    if (!returns_[id])
        return;
    returns_[id] = false;
    auto const condition = dice_.chance(1, 4) ? ItemCondition::damaged : ItemCondition::restock;
    std::vector<order::ReturnedLine> back;
    for (auto const& unit : lines)
        back.push_back({unit.line, unit.quantity, condition});
    // What was never collected cannot be given back.
    if (condition == ItemCondition::restock)
        returned_ += value_of(lines);
    tell(order::ReturnReceived{id, back, worth(value_of(lines)), true, request(++requests_)});
}

void ShopModel::perform(CancelReturn const& command) {
    auto& is_open = returns_[command.return_id];
    if (!is_open)
        return;
    is_open = false;
    tell(order::ReturnCancelled{command.return_id, ""});
}

void ShopModel::perform(DeliverFulfilment const& command) {
    if (command.fulfilment_id)
        arrive(*command.fulfilment_id);
}

} // namespace kontor::checkout::spec
