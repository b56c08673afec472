#include "services/shop/perform.hpp"

namespace kontor::services {
namespace {

using checkout::MoneyMove;
using checkout::OrderStatus;

/// Money of an order is moved by hand once it is confirmed, and as long as it is open.
Performed check_order(checkout::State const& process) {
    using order::RejectionCode;
    switch (process.order) {
    case OrderStatus::open:
        return unexpected(Refusal(order::Rejection{RejectionCode::not_confirmed}));
    case OrderStatus::closed:
        return unexpected(Refusal(order::Rejection{RejectionCode::order_closed}));
    case OrderStatus::confirmed:
    case OrderStatus::completing: return {};
    }
    KONTOR_UNREACHABLE();
}

Performed refused(payment::Rejection rejection) {
    return unexpected(Refusal(rejection));
}

/// What the payment's own rules say of a call that is to be made now.
Performed check_call(ShopTurn& turn, MovePayment const& wish, payment::Operation const& call) {
    auto const permitted =
        payment::permits(turn.state<Payments>(wish.payment_id), call, turn.context());
    return permitted ? Performed() : refused(permitted.error());
}

/// Errors: as of permits; outcome_unknown while the process captures or lets go of the same money,
/// bad_amount above what the order may still come to.
Result<Money, Refusal> amount_to_capture(ShopTurn& turn, MovePayment const& wish) {
    auto const& process = turn.state<Checkouts>(wish.order_id);
    auto const most = checkout::capturable(process, wish.payment_id);
    auto const amount = wish.amount.value_or(most);
    if (amount.is_zero() && checkout::is_calling(process, wish.payment_id))
        return unexpected(Refusal(payment::Rejection::outcome_unknown));
    KONTOR_TRY(check_call(
        turn, wish, {payment::OperationKind::capture, turn.context().command_id.value(), amount}));
    if (amount > most)
        return unexpected(Refusal(checkout::is_calling(process, wish.payment_id)
                                      ? payment::Rejection::outcome_unknown
                                  : most.is_zero() ? payment::Rejection::nothing_due
                                                   : payment::Rejection::bad_amount));
    return amount;
}

} // namespace

Performed perform(Shop const& shop, ShopTurn& turn, MovePayment const& wish) {
    auto const& process = turn.state<Checkouts>(wish.order_id);
    if (!checkout::knows_payment(process, wish.payment_id))
        return refused(payment::Rejection::unknown_payment);
    checkout::MoneyAsked asked{wish.payment_id, wish.move, {}};
    switch (wish.move) {
    case MoneyMove::capture: {
        KONTOR_TRY(check_order(process));
        KONTOR_TRY(asked.amount, amount_to_capture(turn, wish));
        break;
    }
    case MoneyMove::void_:
        KONTOR_TRY(check_order(process));
        KONTOR_TRY(check_call(turn, wish,
                              {payment::OperationKind::void_, wish.payment_id.value(), Money()}));
        if (checkout::is_calling(process, wish.payment_id))
            return refused(payment::Rejection::outcome_unknown);
        break;
    case MoneyMove::retry:
        if (!checkout::waits_for_call(process, wish.payment_id))
            return refused(payment::Rejection::nothing_to_retry);
        break;
    }
    return perform(shop, turn, AdvanceCheckout{wish.order_id, asked});
}

Performed perform(Shop const& shop, ShopTurn& turn, Audited const& audited) {
    KONTOR_TRY(
        std::visit([&](auto const& work) { return perform(shop, turn, work); }, audited.work));
    return decide<Audits>(turn, AuditRecord::operators, audited.note);
}

} // namespace kontor::services
