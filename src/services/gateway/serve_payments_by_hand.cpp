#include "services/gateway/codes.hpp"

#include "services/gateway/bodies.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/writes.hpp"

#include "services/views/orders.hpp"

namespace kontor::services::gateway {
namespace {

constexpr ports::Limit payments_page(1024);

/// Whose a payment is; what was never recorded is nobody's.   Errors: unknown_payment.
Result<OrderId, Trouble> order_of_payment(Parts& parts, PaymentId id) {
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_stream(StreamId::payment(id), ports::StreamVersion(1),
                                                ports::Limit(1))));
    if (page.empty())
        return unexpected(trouble("unknown_payment"));
    return OrderId(page.commit_of(page.events.front()).header.correlation_id);
}

/// The payment as the log has it at a version.
Result<Reply, Trouble> render_payment(Parts& parts, Asked const& asked, Seen const& seen) {
    views::OrderTables rows(64);
    for (ports::StreamVersion next(1); next <= seen.version;) {
        KONTOR_TRY(auto const page,
                   or_trouble(parts.log.read_stream(seen.stream, next, payments_page)));
        for (auto const& event : page.events)
            if (event.version <= seen.version)
                KONTOR_TRY(
                    or_trouble(views::project_payment_fact(rows, event, page.commit_of(event))));
        next = ports::StreamVersion(next.value() + payments_page.value());
    }
    std::optional<PaymentAnswer> answer;
    rows.payments.each([&](views::PaymentRow const& row) { answer = gateway::answer_of(row); });
    if (!answer)
        return unexpected(trouble("unknown_payment"));
    auto reply = versioned_reply(asked, seen.status, *answer);
    reply.headers.add("Location", "/v1/payments/" + answer->id.to_string());
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
