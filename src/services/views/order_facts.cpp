#include "services/views/orders.hpp"

namespace kontor::services::views {
namespace {

using order::RefundKind;

template <class Fact>
OrderId order_of(Recorded<Fact> const& it) {
    return OrderId(it.stream.id());
}

void add_lines(OrderTables& rows, OrderId id, OrderProgressRow& progress,
               std::vector<order::Line> const& lines) {
    for (auto const& line : lines) {
        rows.lines.add({id, line.line, line.sku, line.title, line.kind, line.quantity.value(),
                        line.unit_price.minor(), line.discount.minor(), line.value.net.minor(),
                        line.value.tax.minor(), line.tax_bp.value()});
        auto const number = std::size_t{line.line.value()};
        if (progress.counts.size() < number)
            progress.counts.resize(number);
        progress.counts[number - 1].ordered = static_cast<std::uint32_t>(line.quantity.value());
    }
}

/// The row of the order, with version and time moved on; null: its facts begin in the middle.
template <class Fact>
OrderProgressRow* moved_order(OrderTables& rows, Recorded<Fact> const& it) {
    auto* const progress = rows.progress.change({order_of(it)});
    if (progress != nullptr) {
        progress->version = it.version;
        progress->updated_at = it.occurred_at;
    }
    return progress;
}

void derive_from_order(OrderTables& rows, OrderProgressRow& progress) {
    if (auto const* const row = rows.orders.find({progress.id}))
        derive(progress, row->total);
}

template <class Fact>
void enter(OrderTables& rows, Recorded<Fact> const& it, OrderState state) {
    if (auto* const progress = moved_order(rows, it)) {
        enter_state(rows, *progress, state);
        derive_from_order(rows, *progress);
    }
}

LineCounts* counts_of(OrderProgressRow& progress, LineNumber line) {
    auto const number = std::size_t{line.value()};
    return number == 0 || number > progress.counts.size() ? nullptr : &progress.counts[number - 1];
}

template <class Lines>
void count(OrderProgressRow& progress, Lines const& lines, std::uint32_t LineCounts::* what) {
    for (auto const& line : lines)
        if (auto* const counts = counts_of(progress, line.line))
            counts->*what += static_cast<std::uint32_t>(line.quantity.value());
}

template <class Fact>
MonthRow& month(OrderTables& rows, Recorded<Fact> const& it, Currency currency) {
    return rows.months.put({month_of(it.occurred_at), CurrencyCode(currency.code())});
}

} // namespace

void project(OrderTables& rows, Recorded<order::Placed> const& it) {
    auto const& fact = it.event;
    rows.orders.add({fact.order_id, fact.customer_id, fact.channel, fact.country,
                     CurrencyCode(fact.currency.code()), it.occurred_at, fact.pay_by,
                     static_cast<std::uint32_t>(fact.lines.size()), fact.total.minor(),
                     fact.discount.minor(), fact.shipping.net.minor(), fact.shipping.tax.minor(),
                     fact.coupon, fact.shipping_method,
                     fact.payment ? std::optional(fact.payment->method) : std::nullopt});
    rows.numbers.add({order::order_number_bits(fact.order_id), fact.order_id});
    if (fact.customer_id)
        rows.of_customers.add({*fact.customer_id, fact.order_id});
    OrderProgressRow fresh{};
    fresh.id = fact.order_id;
    fresh.counts.reserve(fact.lines.size());
    auto& progress = rows.progress.add(std::move(fresh));
    progress.version = it.version;
    progress.updated_at = it.occurred_at;
    rows.in_state.add({progress.state, fact.order_id});
    add_lines(rows, fact.order_id, progress, fact.lines);
    derive(progress, fact.total.minor());
    auto& placed_in = month(rows, it, fact.currency);
    placed_in.orders += 1;
    placed_in.gross += fact.total.minor();
}

void project(OrderTables& rows, Recorded<order::PaymentOffered> const& it) {
    moved_order(rows, it);
    if (auto* const row = rows.orders.change({order_of(it)}))
        row->method = it.event.method;
}

void project(OrderTables& rows, Recorded<order::Confirmed> const& it) {
    if (auto* const progress = moved_order(rows, it)) {
        enter_state(rows, *progress, OrderState::confirmed);
        progress->ship_by = it.event.ship_by;
    }
}

void project(OrderTables& rows, Recorded<order::Rejected> const& it) {
    enter(rows, it, OrderState::rejected);
}

void project(OrderTables& rows, Recorded<order::Expired> const& it) {
    enter(rows, it, OrderState::expired);
}

void project(OrderTables& rows, Recorded<order::Cancelled> const& it) {
    if (auto* const progress = moved_order(rows, it)) {
        enter_state(rows, *progress, OrderState::cancelled);
        progress->cancelled += it.event.value.gross().minor();
        for (auto& counts : progress->counts)
            counts.cancelled = counts.ordered;
        derive_from_order(rows, *progress);
    }
    month(rows, it, it.event.value.net.currency()).cancelled += it.event.value.gross().minor();
}

void project(OrderTables& rows, Recorded<order::LinesCancelled> const& it) {
    if (auto* const progress = moved_order(rows, it)) {
        progress->cancelled += it.event.value.gross().minor();
        count(*progress, it.event.lines, &LineCounts::cancelled);
        derive_from_order(rows, *progress);
    }
    month(rows, it, it.event.value.net.currency()).cancelled += it.event.value.gross().minor();
}

void project(OrderTables& rows, Recorded<order::AddressChanged> const& it) {
    moved_order(rows, it);
}

void project(OrderTables& rows, Recorded<order::EditOpened> const& it) {
    enter(rows, it, OrderState::editing);
}

void project(OrderTables& rows, Recorded<order::EditAbandoned> const& it) {
    enter(rows, it, OrderState::confirmed);
}

void project(OrderTables& rows, Recorded<order::Edited> const& it) {
    auto* const progress = moved_order(rows, it);
    auto* const row = rows.orders.change({order_of(it)});
    if (progress == nullptr || row == nullptr)
        return;
    enter_state(rows, *progress, OrderState::confirmed);
    count(*progress, it.event.cancelled, &LineCounts::cancelled);
    add_lines(rows, row->id, *progress, it.event.added);
    row->total += it.event.delta.minor();
    row->lines += static_cast<std::uint32_t>(it.event.added.size());
    derive(*progress, row->total);
}

void project(OrderTables& rows, Recorded<order::Shipped> const& it) {
    if (auto* const progress = moved_order(rows, it)) {
        count(*progress, it.event.lines, &LineCounts::shipped);
        derive_from_order(rows, *progress);
    }
}

void project(OrderTables& rows, Recorded<order::Delivered> const& it) {
    if (auto* const progress = moved_order(rows, it)) {
        count(*progress, it.event.lines, &LineCounts::delivered);
        derive_from_order(rows, *progress);
    }
}

void project(OrderTables& rows, Recorded<order::Completed> const& it) {
    enter(rows, it, OrderState::completed);
}

void project(OrderTables& rows, Recorded<order::ReturnRequested> const& it) {
    ReturnRow asked{order_of(it),
                    it.event.return_id,
                    it.occurred_at,
                    it.occurred_at,
                    ReturnState::requested,
                    it.event.reason,
                    {}};
    for (auto const& line : it.event.lines)
        asked.lines.push_back(
            {line.line, static_cast<std::uint32_t>(line.quantity.value()), 0, 0, 0});
    rows.returns.add(std::move(asked));
    auto* const progress = moved_order(rows, it);
    if (progress == nullptr)
        return;
    count(*progress, it.event.lines, &LineCounts::returning);
    for (auto const& line : it.event.lines)
        if (auto* const counts = counts_of(*progress, line.line))
            counts->return_asked =
                std::max(counts->return_asked, counts->returned + counts->returning);
}

namespace {

void receive(ReturnRow& row, order::ReturnedLine const& came) {
    auto const found = std::find_if(row.lines.begin(), row.lines.end(),
                                    [&](auto const& line) { return line.line == came.line; });
    if (found == row.lines.end())
        return;
    auto const units = static_cast<std::uint32_t>(came.quantity.value());
    switch (came.condition) {
    case ItemCondition::restock: found->restock += units; return;
    case ItemCondition::damaged: found->damaged += units; return;
    case ItemCondition::write_off: found->write_off += units; return;
    }
    KONTOR_UNREACHABLE();
}

/// Units that were announced and will not come, or have come.
void no_longer_awaited(OrderProgressRow& progress, LineNumber line, std::uint32_t units) {
    if (auto* const counts = counts_of(progress, line))
        counts->returning -= std::min(counts->returning, units);
}

} // namespace

void project(OrderTables& rows, Recorded<order::ReturnReceived> const& it) {
    auto* const row = rows.returns.change({order_of(it), it.event.return_id});
    auto* const progress = moved_order(rows, it);
    month(rows, it, it.event.value.net.currency()).returned += it.event.value.gross().minor();
    if (row == nullptr || progress == nullptr)
        return;
    row->state = it.event.last ? ReturnState::received : ReturnState::part_received;
    row->updated_at = it.occurred_at;
    for (auto const& line : it.event.lines) {
        receive(*row, line);
        no_longer_awaited(*progress, line.line, static_cast<std::uint32_t>(line.quantity.value()));
    }
    count(*progress, it.event.lines, &LineCounts::returned);
    if (it.event.last)
        for (auto const& line : row->lines)
            no_longer_awaited(*progress, line.line, line.awaited());
    derive_from_order(rows, *progress);
}

void project(OrderTables& rows, Recorded<order::ReturnCancelled> const& it) {
    auto* const row = rows.returns.change({order_of(it), it.event.return_id});
    auto* const progress = moved_order(rows, it);
    if (row == nullptr || progress == nullptr)
        return;
    row->state = ReturnState::cancelled;
    row->updated_at = it.occurred_at;
    for (auto const& line : row->lines)
        no_longer_awaited(*progress, line.line, line.awaited());
}

void project(OrderTables& rows, Recorded<order::RefundGranted> const& it) {
    auto const& fact = it.event;
    auto const amount = fact.amount.minor();
    // In one commit with the payment's own fact, which may stand before this one.
    auto& refund = rows.refunds.put({order_of(it), fact.refund_id});
    if (refund.amount == 0)
        refund.created_at = it.occurred_at;
    refund.payment_id = fact.payment_id;
    refund.updated_at = it.occurred_at;
    refund.kind = fact.kind;
    refund.currency = CurrencyCode(fact.amount.currency().code());
    refund.amount = amount;
    refund.reason = fact.reason;
    auto* const progress = moved_order(rows, it);
    bool const lowers_due =
        fact.kind != RefundKind::cancel && fact.kind != RefundKind::compensation;
    if (progress != nullptr && lowers_due) {
        progress->granted += amount;
        derive_from_order(rows, *progress);
    }
    if (fact.kind == RefundKind::goodwill)
        month(rows, it, fact.amount.currency()).goodwill += amount;
}

Result<void> project_order_fact(OrderTables& rows, ports::RecordedEvent const& event,
                                ports::RecordedCommit const& commit) {
    return projections::project_fact<order::Event>(rows, event, commit);
}

} // namespace kontor::services::views
