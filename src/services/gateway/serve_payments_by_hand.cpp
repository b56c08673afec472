#include "services/gateway/codes.hpp"

#include "services/gateway/bodies.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/settled.hpp"
#include "services/gateway/writes.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// Whose a payment is; what was never recorded is nobody's.   Errors: unknown_payment.
Result<OrderId, Trouble> order_of_payment(Parts& parts, PaymentId id) {
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_stream(StreamId::payment(id), ports::StreamVersion(1),
                                                ports::Limit(1))));
    if (page.empty())
        return unexpected(trouble("unknown_payment"));
    return OrderId(page.commit_of(page.events.front()).header.correlation_id);
}

/// The payment as the log has it at a version, with what its order says of it.
Result<Reply, Trouble> render_payment(Parts& parts, Asked const& asked, Seen const& seen) {
    PaymentId const id(seen.stream.id());
    KONTOR_TRY(auto const order_id, order_of_payment(parts, id));
    Until until{};
    if (seen.until) {
        until.position = *seen.until;
    } else {
        KONTOR_TRY(until.position, or_trouble(position_of(parts.log, seen.stream, seen.version)));
    }
    KONTOR_TRY(auto const order, or_trouble(fold_order(parts, order_id, until)));
    if (!order)
        return unexpected(trouble("unknown_payment"));
    auto const& payments = order->view.payments;
    auto const found = std::ranges::find(payments, id, &views::PaymentRow::id);
    if (found == payments.end())
        return unexpected(trouble("unknown_payment"));
    auto reply = versioned_reply(asked, seen.status, payment_answer(*order, *found));
    reply.headers.add("Location", "/v1/payments/" + id.to_string());
    return reply;
}

Served move_payment(Parts& parts, Asked const& asked, MovePayment wish) {
    KONTOR_TRY(wish.payment_id, path_value<PaymentId>(asked, 0, "unknown_payment"));
    KONTOR_TRY(wish.order_id, order_of_payment(parts, wish.payment_id));
    return payment_write(asked, std::move(wish));
}

} // namespace

Served payment_write(Asked const& asked, MovePayment wish) {
    Write write;
    write.correlation = wish.order_id.value();
    write.shows = StreamId::payment(wish.payment_id);
    write.status = 202;
    write.render = render_payment;
    write.work = wish;
    expect_what_was_read(write, asked);
    return Answer(std::move(write));
}

namespace code {

Served capture_payment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<CapturePayment>(asked));
    return move_payment(parts, asked, {{}, {}, checkout::MoneyMove::capture, body.amount});
}

Served void_payment(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    return move_payment(parts, asked, {{}, {}, checkout::MoneyMove::void_, {}});
}

Served retry_payment(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    return move_payment(parts, asked, {{}, {}, checkout::MoneyMove::retry, {}});
}

} // namespace code
} // namespace kontor::services::gateway
