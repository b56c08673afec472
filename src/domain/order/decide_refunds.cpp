#include "domain/order/decide.hpp"

#include "domain/order/limits.hpp"
#include "domain/order/lines.hpp"
#include "domain/order/words.hpp"

namespace kontor::order {
namespace {

Worth left_of(Worth pool, Worth granted) {
    pool -= granted;
    return pool;
}

/// How the amount divides into net value and tax, or that there is not so much to give back.
Result<Worth, Rejection> value_of(Book const& book, RefundKind kind, std::int64_t amount) {
    Worth left;
    switch (kind) {
    case RefundKind::cancel: left = left_of(book.cancelled, book.granted_cancel); break;
    case RefundKind::return_: left = left_of(book.returned, book.granted_return); break;
    case RefundKind::shipping: left = left_of(book.shipping_out, book.granted_shipping); break;
    // A present or a compensation returns no sale, so no tax goes back; how much there is to give
    // is for the payment to say.
    case RefundKind::goodwill:
    case RefundKind::compensation: return Worth(amount, 0);
    }
    if (amount > left.gross())
        return unexpected(Rejection{RejectionCode::exceeds_refundable});
    return split_of(left, amount);
}

std::optional<RejectionCode> blame_in(Book const& book, GrantRefund const& command) {
    if (command.amount.currency() != book.currency)
        return RejectionCode::currency_mixed;
    if (command.amount.minor() <= 0)
        return RejectionCode::bad_amount;
    if (command.return_id && return_of(book, *command.return_id) == nullptr)
        return RejectionCode::unknown_return;
    if (book.refunds.size() >= changes_max)
        return RejectionCode::limit_reached;
    if (command.kind != RefundKind::goodwill)
        return {};
    if (command.by != ActorKind::operator_ && command.by != ActorKind::import)
        return RejectionCode::operator_required;
    if (command.reason.empty())
        return RejectionCode::reason_required;
    return {};
}

Decision grant(Book const& book, GrantRefund const& command) {
    if (has_refund(book, command.refund_id))
        return so_already();
    if (auto const blame = blame_in(book, command))
        return no(*blame);
    KONTOR_TRY(auto lines, merged(command.lines, book));
    KONTOR_TRY(auto const value, value_of(book, command.kind, command.amount.minor()));
    return that(RefundGranted{command.refund_id, command.payment_id, command.kind, command.amount,
                              value.in(book.currency), std::move(lines), command.return_id,
                              command.reason, command.by});
}

} // namespace

Decision decide(State const& state, GrantRefund const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return no(RejectionCode::nothing_captured);
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed:
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return grant(*book_of(state), command);
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::order
