#include "services/views/orders.hpp"

namespace kontor::services::views {
namespace {

template <class Fact>
PaymentId payment_of(Recorded<Fact> const& it) {
    return PaymentId(it.stream.id());
}

/// Facts that took no money name no amount: what an order that waits for its payment asks for is
/// its total. What an edit asks for stands nowhere until the edit is made.
void note_what_was_asked(OrderTables& rows, PaymentRow& row, OrderId order) {
    auto const* const bought = rows.orders.find({order});
    auto const* const progress = rows.progress.find({order});
    if (bought == nullptr || progress == nullptr)
        return;
    row.currency = bought->currency;
    row.method = bought->method;
    row.amount = progress->state == OrderState::placed ? bought->total : 0;
}

/// The row of the payment, made by its first fact.
template <class Fact>
PaymentRow& opened(OrderTables& rows, Recorded<Fact> const& it, OrderId order) {
    auto const id = payment_of(it);
    bool const is_first = it.version == 1;
    if (is_first) {
        PaymentRow row{};
        row.id = id;
        row.created_at = it.occurred_at;
        note_what_was_asked(rows, row, order);
        rows.payments.add(std::move(row));
        if (auto* const progress = rows.progress.change({order}))
            progress->payments.push_back(id);
    }
    auto& row = rows.payments.put({id});
    row.order_id = order;
    row.version = it.version;
    row.updated_at = it.occurred_at;
    return row;
}

template <class Fact>
PaymentRow* moved_payment(OrderTables& rows, Recorded<Fact> const& it) {
    auto* const row = rows.payments.change({payment_of(it)});
    if (row != nullptr) {
        row->version = it.version;
        row->updated_at = it.occurred_at;
    }
    return row;
}

/// What changed of the payment changes the sums of its order.
void pass_on(OrderTables& rows, PaymentRow const& row, PaymentRow const& before) {
    auto* const progress = rows.progress.change({row.order_id});
    auto const* const order = rows.orders.find({row.order_id});
    if (progress == nullptr || order == nullptr)
        return;
    progress->updated_at = row.updated_at;
    progress->authorised += row.held - before.held;
    progress->captured += row.captured - before.captured;
    progress->refunded += row.refunded - before.refunded;
    derive(*progress, order->total);
}

template <class Fact, class Change>
void change_sums(OrderTables& rows, Recorded<Fact> const& it, Change change) {
    if (auto* const row = moved_payment(rows, it)) {
        auto const before = *row;
        change(*row);
        pass_on(rows, *row, before);
    }
}

template <class Fact>
RefundRow& refund_of(OrderTables& rows, Recorded<Fact> const& it, OrderId order) {
    auto& refund = rows.refunds.put({order, it.event.refund_id});
    refund.updated_at = it.occurred_at;
    return refund;
}

} // namespace

void project(OrderTables& rows, Recorded<payment::Authorised> const& it) {
    auto const& fact = it.event;
    auto& row = opened(rows, it, fact.order_id);
    auto const before = row;
    row.attempt = fact.attempt;
    row.state = PaymentState::authorised;
    row.currency = CurrencyCode(fact.amount.currency().code());
    row.amount = fact.amount.minor();
    row.held = row.amount;
    row.provider = fact.provider;
    row.reference = fact.reference;
    row.capture_before = fact.capture_before;
    pass_on(rows, row, before);
}

void project(OrderTables& rows, Recorded<payment::Declined> const& it) {
    auto& row = opened(rows, it, it.event.order_id);
    row.attempt = it.event.attempt;
    row.state = PaymentState::declined;
    row.code = it.event.code;
}

void project(OrderTables& rows, Recorded<payment::ActionRequired> const& it) {
    opened(rows, it, it.event.order_id).state = PaymentState::action_required;
}

void project(OrderTables& rows, Recorded<payment::OutcomeUnknown> const& it) {
    if (it.event.operation != payment::OperationKind::authorise) {
        moved_payment(rows, it);
        return;
    }
    // The fact does not name its order; the order is what its chain of events is about.
    auto& row = opened(rows, it, OrderId(it.context.correlation_id));
    row.state = PaymentState::unknown;
    row.currency = CurrencyCode(it.event.amount.currency().code());
    row.amount = it.event.amount.minor();
}

void project(OrderTables& rows, Recorded<payment::Captured> const& it) {
    change_sums(rows, it, [&](PaymentRow& row) {
        row.captured += it.event.amount.minor();
        row.held = it.event.last ? 0 : row.held - it.event.amount.minor();
        row.state = row.held == 0 ? PaymentState::captured : PaymentState::part_captured;
    });
}

void project(OrderTables& rows, Recorded<payment::CaptureFailed> const& it) {
    if (auto* const row = moved_payment(rows, it))
        row->code = it.event.code;
}

void project(OrderTables& rows, Recorded<payment::Voided> const& it) {
    change_sums(rows, it, [](PaymentRow& row) {
        row.held = 0;
        row.state = row.captured == 0 ? PaymentState::voided : PaymentState::captured;
    });
}

void project(OrderTables& rows, Recorded<payment::AuthorisationExpired> const& it) {
    change_sums(rows, it, [](PaymentRow& row) {
        row.held = 0;
        row.state = row.captured == 0 ? PaymentState::expired : PaymentState::captured;
    });
}

void project(OrderTables& rows, Recorded<payment::RefundPending> const& it) {
    auto* const row = moved_payment(rows, it);
    if (row == nullptr)
        return;
    row->refund_pending += it.event.amount.minor();
    auto& refund = refund_of(rows, it, row->order_id);
    if (refund.amount == 0) // the order's own fact stands behind this one, or nowhere
        refund.created_at = it.occurred_at;
    refund.payment_id = row->id;
    refund.state = RefundState::pending;
    refund.currency = row->currency;
    refund.amount = it.event.amount.minor();
}

void project(OrderTables& rows, Recorded<payment::Refunded> const& it) {
    change_sums(rows, it, [&](PaymentRow& row) {
        auto const amount = it.event.amount.minor();
        auto& refund = refund_of(rows, it, row.order_id);
        if (refund.state == RefundState::pending)
            row.refund_pending -= amount;
        refund.state = RefundState::settled;
        row.refunded += amount;
    });
}

void project(OrderTables& rows, Recorded<payment::RefundFailed> const& it) {
    auto* const row = moved_payment(rows, it);
    if (row == nullptr)
        return;
    auto& refund = refund_of(rows, it, row->order_id);
    if (refund.state == RefundState::pending)
        row->refund_pending -= refund.amount;
    refund.state = RefundState::failed;
    row->code = it.event.code;
}

void project(OrderTables& rows, Recorded<payment::Disputed> const& it) {
    if (auto* const row = moved_payment(rows, it))
        row->state = PaymentState::disputed;
}

void project(OrderTables& rows, Recorded<payment::DisputeClosed> const& it) {
    auto* const row = moved_payment(rows, it);
    if (row == nullptr)
        return;
    bool const is_lost = it.event.outcome == payment::DisputeOutcome::lost;
    row->state = is_lost          ? PaymentState::dispute_lost
                 : row->held == 0 ? PaymentState::captured
                                  : PaymentState::part_captured;
}

Result<void> project_payment_fact(OrderTables& rows, ports::RecordedEvent const& event,
                                  ports::RecordedCommit const& commit) {
    return projections::project_fact<payment::Event>(rows, event, commit);
}

} // namespace kontor::services::views
