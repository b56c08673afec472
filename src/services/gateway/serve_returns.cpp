#include "services/gateway/codes.hpp"

#include "services/gateway/bodies.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/views/orders.hpp"
#include "services/views/read_rows.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

Result<FoldedOrder, Trouble> order_at(Parts& parts, OrderId id, Until until) {
    KONTOR_TRY(auto order, or_trouble(fold_order(parts, id, until)));
    if (!order)
        return unexpected(trouble("unknown_order"));
    return *std::move(order);
}

/// The id of a thing of an order that a command makes: the order's time, so that the order is found
/// by it.
template <class Id>
Id id_in_order(OrderId order, CommandId command, std::string_view noun) {
    return id_at<Id>(order.value(), command, noun);
}

Result<Reply, Trouble> show_return_of(FoldedOrder const& order, ReturnId id, Seen const& seen) {
    auto const found = std::ranges::find(order.view.returns, id, &views::ReturnRow::id);
    if (found == order.view.returns.end())
        return unexpected(trouble("unknown_return"));
    auto reply = json_reply(seen.status, gateway::answer_of(*found));
    reply.headers.add("ETag", etag_of(seen.version.value()));
    if (seen.status == 201)
        reply.headers.add("Location", "/v1/returns/" + id.to_string());
    return reply;
}

Result<Reply, Trouble> render_new_return(Parts& parts, Asked const&, Seen const& seen) {
    OrderId const order_id(seen.stream.id());
    KONTOR_TRY(auto const order, order_at(parts, order_id, {.version = seen.version}));
    return show_return_of(order, id_in_order<ReturnId>(order_id, seen.command, "return"), seen);
}

Result<Reply, Trouble> render_return_in_path(Parts& parts, Asked const& asked, Seen const& seen) {
    KONTOR_TRY(auto const id, path_value<ReturnId>(asked, 1, "unknown_return"));
    KONTOR_TRY(auto const order,
               order_at(parts, OrderId(seen.stream.id()), {.version = seen.version}));
    return show_return_of(order, id, seen);
}

Result<Reply, Trouble> render_refund(Parts& parts, Asked const&, Seen const& seen) {
    OrderId const order_id(seen.stream.id());
    auto const id = id_in_order<RefundId>(order_id, seen.command, "refund");
    KONTOR_TRY(auto const order, order_at(parts, order_id, until_of(seen)));
    auto const found = std::ranges::find(order.view.refunds, id, &views::RefundRow::id);
    if (found == order.view.refunds.end())
        return unexpected(trouble("unknown_refund"));
    auto reply = json_reply(seen.status, gateway::answer_of(*found));
    reply.headers.add("Location", "/v1/refunds/" + id.to_string());
    return reply;
}

Write order_write(OrderId id, order::Command command, std::uint16_t status, Render render) {
    auto write = write_to<Orders>(id, std::move(command), status, render);
    write.correlation = id.value();
    return write;
}

/// Units that go back on the shelf, added up by SKU, at the location that their parcel left from.
Result<std::vector<Single>, Trouble> restocked(FoldedOrder const& order, ReturnId id,
                                               std::vector<order::ReturnedLine> const& lines) {
    struct Units {
        StockKey key;
        std::int64_t count;
    };
    std::vector<Units> units;
    for (auto const& line : lines) {
        if (line.condition != ItemCondition::restock)
            continue;
        auto const sold =
            std::ranges::find(order.view.lines, line.line, &views::OrderLineRow::line);
        if (sold == order.view.lines.end())
            return unexpected(trouble("unknown_line"));
        if (is_service(sold->kind))
            continue;
        Location location;
        for (auto const& parcel : order.view.shipments)
            if (std::ranges::find(parcel.lines, line.line, &fulfilment::Line::line) !=
                parcel.lines.end())
                location = parcel.location;
        if (location == Location())
            return unexpected(trouble("not_returnable"));
        StockKey const key{location, sold->sku};
        auto const known = std::ranges::find(units, key, &Units::key);
        if (known == units.end())
            units.push_back({key, line.quantity.value()});
        else
            known->count += line.quantity.value();
    }
    std::vector<Single> commands;
    for (auto const& [key, count] : units) {
        if (!Quantity::is_valid(count))
            return unexpected(trouble("out_of_range"));
        commands.emplace_back(
            On<StockItems>{key, stock::Restock{order.view.order.id, id, Quantity::of(count),
                                               ItemCondition::restock}});
    }
    return commands;
}

order::RefundKind kind_of(GrantedKind kind) {
    switch (kind) {
    case GrantedKind::cancel: return order::RefundKind::cancel;
    case GrantedKind::return_: return order::RefundKind::return_;
    case GrantedKind::goodwill: return order::RefundKind::goodwill;
    case GrantedKind::shipping: return order::RefundKind::shipping;
    }
    KONTOR_UNREACHABLE();
}

/// Rows of orders that were placed in the millisecond that an id carries: what belongs to an order
/// has its time.
template <class Row, class Id>
Result<std::optional<Row>, Trouble> row_by_time(Asked& asked, views::OrderTable table, Id id) {
    constexpr std::uint64_t rest = 0xffff;
    OrderId const first(Id128(id.value().high() & ~rest, 0));
    views::RowScan<Row> scan{.table = static_cast<std::size_t>(table)};
    scan.after = std::tuple(first, Id());
    std::optional<Row> found;
    KONTOR_TRY(or_trouble(views::scan_rows(*asked.rows, scan, [&](Row&& row) {
        if ((row.order_id.value().high() & ~rest) != first.value().high())
            return false;
        if (row.id == id)
            found = std::move(row);
        return !found;
    })));
    return found;
}

/// What belongs to an order and is named by the path, if the caller may see the order.
template <class Row, class Id>
Served show_by_time(Parts& parts, Asked& asked, views::OrderTable table, ProblemName unknown) {
    KONTOR_TRY(auto const id, path_value<Id>(asked, 0, unknown));
    KONTOR_TRY(auto const row, row_by_time<Row>(asked, table, id));
    if (!row)
        return unexpected(trouble(unknown));
    KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, row->order_id));
    if (!is_seen)
        return unexpected(trouble(unknown));
    return Answer(json_reply(200, gateway::answer_of(*row)));
}

/// Where a page of returns ended: "ord_…/ret_…".   Errors: cursor_invalid.
Result<std::optional<views::ReturnKey>, Trouble> return_after(PageAsked const& page) {
    if (!page.after)
        return std::optional<views::ReturnKey>();
    auto const slash = std::min(page.after->find('/'), page.after->size() - 1);
    auto const order = OrderId::parse(page.after->substr(0, slash));
    auto const id = ReturnId::parse(page.after->substr(slash + 1));
    if (!order || !id)
        return unexpected(trouble("cursor_invalid"));
    return std::optional(views::ReturnKey{*order, *id});
}

Served page_of_all(Parts& parts, Asked& asked, std::optional<views::ReturnState> state) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    views::ReturnFilter filter{state, {}, page.limit + 1};
    KONTOR_TRY(filter.after, return_after(page));
    KONTOR_TRY(auto returns, or_trouble(views::list_returns(*asked.rows, filter)));
    PageText text;
    text.has_more = cut_to(returns, page.limit);
    for (auto const& row : returns) {
        add_item(text.items, gateway::answer_of(row));
        text.last = row.order_id.to_string() + "/" + row.id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

} // namespace

namespace code {

Served ask_for_return(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    KONTOR_TRY(auto const body, body_of<AskForReturn>(asked));
    if (body.lines.empty())
        return unexpected(bad_field("/lines", "at least one line is wanted"));
    order::RequestReturn request{id_in_order<ReturnId>(id, asked.command, "return"),
                                 body.lines,
                                 body.reason.value,
                                 asked.actor().kind,
                                 {}};
    return Answer(order_write(id, std::move(request), 201, render_new_return));
}

Served receive_return(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    KONTOR_TRY(auto const return_id, path_value<ReturnId>(asked, 1, "unknown_return"));
    KONTOR_TRY(auto const body, body_of<ReceiveReturn>(asked));
    KONTOR_TRY(auto const order, order_at(parts, id, {}));
    auto write =
        order_write(id, order::ReceiveReturn{return_id, body.lines, body.last.value_or(true)}, 200,
                    render_return_in_path);
    auto restock = restocked(order, return_id, body.lines);
    if (!restock) {
        write.prevented = std::move(restock).error();
        return Answer(std::move(write));
    }
    auto& compound = std::get<Compound>(write.work);
    for (auto& command : *restock)
        compound.commands.push_back(std::move(command));
    return Answer(std::move(write));
}

Served cancel_return(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    KONTOR_TRY(auto const return_id, path_value<ReturnId>(asked, 1, "unknown_return"));
    KONTOR_TRY(auto const body, body_of<WithReason>(asked));
    return Answer(order_write(id, order::CancelReturn{return_id, body.reason.value}, 200,
                              render_return_in_path));
}

Served grant_refund(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    KONTOR_TRY(auto const body, body_of<GrantRefund>(asked));
    KONTOR_TRY(auto const order, order_at(parts, id, {}));
    auto const refund_id = id_in_order<RefundId>(id, asked.command, "refund");
    auto payment = body.payment_id;
    for (auto const& row : order.view.payments)
        if (!payment && row.captured > row.refunded + row.refund_pending)
            payment = row.id;
    Write write;
    write.correlation = id.value();
    write.shows = StreamId::order(id);
    write.status = 202;
    write.render = render_refund;
    if (!payment) {
        write.prevented = trouble("nothing_captured");
        return Answer(std::move(write));
    }
    write.work = Compound{
        {On<Orders>{id, order::GrantRefund{refund_id, *payment, kind_of(body.kind), body.amount,
                                           body.lines.value_or(std::vector<LineQuantity>()),
                                           body.return_id, body.reason.value, asked.actor().kind}},
         On<Payments>{*payment, payment::Refund{refund_id, body.amount}}}};
    return Answer(std::move(write));
}

Served list_returns(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, parsed_parameter<OrderId>(asked, "order"));
    KONTOR_TRY(auto const state, enum_parameter<views::ReturnState>(asked, "state"));
    if (!id && asked.sees_all())
        return page_of_all(parts, asked, state);
    if (!id)
        return unexpected(bad_parameter("order", "which order's returns are wanted?"));
    KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, *id));
    if (!is_seen)
        return unexpected(trouble("unknown_order"));
    KONTOR_TRY(auto const order, order_at(parts, *id, {.position = parts.log.durable().position}));
    PageText text;
    for (auto const& row : order.view.returns)
        if (!state || row.state == *state)
            add_item(text.items, answer_of(row));
    return Answer(page_reply(parts, asked, text));
}

Served show_return(Parts& parts, Asked& asked) {
    return show_by_time<views::ReturnRow, ReturnId>(parts, asked, views::OrderTable::returns,
                                                    "unknown_return");
}

Served show_refund(Parts& parts, Asked& asked) {
    return show_by_time<views::RefundRow, RefundId>(parts, asked, views::OrderTable::refunds,
                                                    "unknown_refund");
}

} // namespace code
} // namespace kontor::services::gateway
