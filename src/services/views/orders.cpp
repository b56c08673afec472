#include "services/views/orders.hpp"

namespace kontor::services::views {

Orders::Orders(std::size_t at_hand_max)
    : rows_(at_hand_max),
      tables_{&rows_.orders,  &rows_.progress,  &rows_.lines,       &rows_.payments,
              &rows_.refunds, &rows_.shipments, &rows_.returns,     &rows_.months,
              &rows_.numbers, &rows_.in_state,  &rows_.of_customers},
      shape_(projections::model_shape(name, version, tables_)) {}

Result<void> Orders::project(ports::RecordedEvent const& event,
                             ports::RecordedCommit const& commit) {
    return project_fact(rows_, event, commit);
}

Result<void> project_fact(OrderTables& rows, ports::RecordedEvent const& event,
                          ports::RecordedCommit const& commit) {
    switch (event.stream.category()) {
    case StreamCategory::order: return project_order_fact(rows, event, commit);
    case StreamCategory::payment: return project_payment_fact(rows, event, commit);
    case StreamCategory::fulfilment: return project_shipment_fact(rows, event, commit);
    case StreamCategory::stock:
    case StreamCategory::reservation:
    case StreamCategory::checkout:
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::customer:
    case StreamCategory::documents:
    case StreamCategory::notification:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::queue:
    case StreamCategory::webhook:
    case StreamCategory::webhook_book: return {};
    }
    KONTOR_UNREACHABLE();
}

Month month_of(Instant at) {
    auto const day = to_calendar(at);
    char const text[] = {static_cast<char>('0' + day.year / 1000),
                         static_cast<char>('0' + day.year / 100 % 10),
                         static_cast<char>('0' + day.year / 10 % 10),
                         static_cast<char>('0' + day.year % 10),
                         '-',
                         static_cast<char>('0' + day.month / 10),
                         static_cast<char>('0' + day.month % 10)};
    return Month({text, sizeof text});
}

void enter_state(OrderTables& rows, OrderProgressRow& progress, OrderState state) {
    if (progress.state == state)
        return;
    rows.in_state.remove({progress.state, progress.id});
    rows.in_state.put({state, progress.id});
    progress.state = state;
}

void derive(OrderProgressRow& progress, std::int64_t total) {
    bool const came_about =
        progress.state != OrderState::rejected && progress.state != OrderState::expired;
    progress.due = came_about ? total - progress.cancelled - progress.granted : 0;
    progress.net = progress.captured - progress.refunded;
    auto const money = [](std::int64_t minor) { return Money::of(minor, Currency{}); };
    progress.payment = order::payment_label(
        money(total), money(progress.due),
        {money(progress.authorised), money(progress.captured), money(progress.refunded)});
    progress.fulfilment = order::fulfilment_label(order::sum_units(progress.counts));
}

} // namespace kontor::services::views
