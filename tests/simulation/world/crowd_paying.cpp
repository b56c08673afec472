/// How support moves money by hand: captures ahead of the goods, lets go of what is held, has a
/// call made again, at any moment, whatever becomes of the order and of the provider meanwhile.

#include "tests/simulation/world/crowd.hpp"

namespace kontor::simulation {

void Crowd::see_money(PaymentId payment, OrderId order, payment::Event const& event) {
    if (std::holds_alternative<payment::Disputed>(event))
        ++orders_[order].disputes;
    if (std::holds_alternative<payment::DisputeClosed>(event))
        --orders_[order].disputes;
    bool const is_troubled = std::holds_alternative<payment::OutcomeUnknown>(event) ||
                             std::holds_alternative<payment::CaptureFailed>(event);
    if (!is_troubled && !std::holds_alternative<payment::Authorised>(event))
        return;
    if (!hand_dice_.chance(1, is_troubled ? 2 : 3))
        return;
    for (auto moves = hand_dice_.between(1, 4); moves > 0; --moves) {
        // As often within a second as within a fortnight.
        auto const most = std::int64_t{1} << hand_dice_.between(0, 30);
        at(clock_.now() + Duration::milliseconds(hand_dice_.between(0, most)),
           [this, payment, order] { move_by_hand(payment, order); });
    }
}

void Crowd::move_by_hand(PaymentId payment, OrderId order) {
    using checkout::MoneyMove;
    constexpr std::array moves{MoneyMove::capture, MoneyMove::capture, MoneyMove::void_,
                               MoneyMove::retry};
    services::MovePayment wish{payment, order, moves[hand_dice_.below(moves.size())], {}};
    if (wish.move == MoneyMove::capture && hand_dice_.chance(1, 2))
        wish.amount = Money::of(hand_dice_.between(1, 4'000), Currency::gbp());
    if (wish.move == MoneyMove::retry)
        chaos_.reached("hand.retry");
    ask(order, ActorKind::operator_, wish);
}

void Crowd::see_hand_move(checkout::Advanced const& step) {
    if (step.input.kind == checkout::InputKind::capture_asked)
        chaos_.reached("hand.capture");
    if (step.input.kind == checkout::InputKind::void_asked)
        chaos_.reached("hand.void");
}

} // namespace kontor::simulation
