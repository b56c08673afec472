#include "services/gateway/codes.hpp"

#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"

namespace kontor::services::gateway {
namespace code {

Served list_payment_methods(Parts&, Asked&) {
    std::vector<PaymentMethodAnswer> const answer{
        {"card",
         "Card",
         {{"tok_approve", "approved"},
          {"tok_decline", "declined"},
          {"tok_fraud", "declined as fraud"},
          {"tok_no_funds", "declined for lack of money; may be tried again"},
          {"tok_action", "the buyer must act at the bank first"},
          {"tok_slow", "approved after 8 seconds"},
          {"tok_timeout", "no answer, and the money is held"},
          {"tok_timeout_lost", "no answer, and nothing was done"},
          {"tok_capture_fails", "approved, and the capture fails"},
          {"tok_refund_fails", "approved, and refunds fail"},
          {"tok_dispute", "approved, and disputed later"}}}};
    return Answer(list_reply(answer));
}

Served list_payments(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    views::PaymentFilter filter;
    KONTOR_TRY(filter.order, parsed_parameter<OrderId>(asked, "order"));
    KONTOR_TRY(filter.state, enum_parameter<views::PaymentState>(asked, "state"));
    if (!asked.sees_all()) {
        if (!filter.order)
            return unexpected(bad_parameter("order", "which order's payments are wanted?"));
        KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, *filter.order));
        if (!is_seen)
            return Answer(page_reply(parts, asked, {}));
    }
    KONTOR_TRY(filter.after, key_after<PaymentId>(page));
    filter.limit = page.limit + 1;
    KONTOR_TRY(auto payments, or_trouble(views::list_payments(*asked.rows, filter)));
    PageText text;
    text.has_more = cut_to(payments, page.limit);
    for (auto const& payment : payments) {
        add_item(text.items, answer_of(payment));
        text.last = payment.id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

Served show_payment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, path_value<PaymentId>(asked, 0, "unknown_payment"));
    auto const view = views::show_payment(*asked.rows, id);
    if (!view)
        return unexpected(view.error().kind == FailureKind::not_found ? trouble("unknown_payment")
                                                                      : trouble_of(view.error()));
    KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, view->payment.order_id));
    if (!is_seen)
        return unexpected(trouble("unknown_payment"));
    auto answer = answer_of(view->payment);
    if (view->payment.state == views::PaymentState::action_required) {
        KONTOR_TRY(auto const order,
                   or_trouble(fold_order(parts, view->payment.order_id,
                                         {.position = parts.log.durable().position})));
        if (order)
            answer.action_url = payment_answer(*order, view->payment).action_url;
    }
    answer.refunds.emplace();
    for (auto const& refund : view->refunds)
        answer.refunds->push_back(answer_of(refund));
    return Answer(versioned_reply(asked, 200, answer));
}

} // namespace code
} // namespace kontor::services::gateway
