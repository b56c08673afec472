#include "services/gateway/codes.hpp"

#include "platform/commands/turn.hpp"
#include "services/gateway/admission.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/by_address.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/prepare_order.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/rows.hpp"
#include "services/gateway/writes.hpp"

namespace kontor::services::gateway {
namespace {

constexpr std::size_t batch_max = 256;

/// By the moment an order was placed.
enum class OrderSort : std::uint8_t { newest, oldest };
BOOST_DESCRIBE_ENUM(OrderSort, newest, oldest)

Result<Reply, Trouble> show_at(Parts& parts, Asked const& asked, OrderId id, Until until,
                               std::uint16_t status) {
    KONTOR_TRY(auto const order, or_trouble(fold_order(parts, id, until)));
    if (!order)
        return unexpected(trouble("unknown_order"));
    auto reply = versioned_reply(asked, status, answer_of(*order));
    if (status == 201)
        reply.headers.add("Location", "/v1/orders/" + id.to_string());
    return reply;
}

/// The order as the write left it, with all that belonged to it then.
Result<Reply, Trouble> render_order(Parts& parts, Asked const& asked, Seen const& seen) {
    return show_at(parts, asked, OrderId(seen.stream.id()), until_of(seen), seen.status);
}

/// Whoever orders for others names somebody: a customer who was registered, or a guest who has
/// bought, as far as the rows have come.   Errors: unknown_customer; unavailable, corrupt.
Result<void, Trouble> check_customer(Parts& parts, Asked const& asked, PlaceOrder const& body) {
    if (!asked.sees_all() || !body.customer_id)
        return {};
    KONTOR_TRY(auto const facts,
               or_trouble(parts.log.read_stream(StreamId::customer(*body.customer_id),
                                                ports::StreamVersion(1), ports::Limit(1))));
    if (!facts.empty())
        return {};
    KONTOR_TRY(auto const rows, or_trouble(parts.models.read(shape_of(Model::orders))));
    views::OrderFilter const bought{.customer = body.customer_id, .limit = 1};
    KONTOR_TRY(auto const found, or_trouble(views::list_orders(*rows, bought)));
    if (!found.orders.empty())
        return {};
    auto unknown = trouble("unknown_customer");
    unknown.errors.push_back({"/customer_id", "there is no such customer"});
    return unexpected(std::move(unknown));
}

Write order_to_place(Parts& parts, Asked const& asked, PlaceOrder const& body, CommandId command) {
    auto const id = id_at<OrderId>(time_id(asked.now), command, "order");
    Write write;
    write.command = command;
    write.correlation = id.value();
    write.shows = StreamId::order(id);
    write.status = 201;
    write.render = render_order;
    auto const known = check_customer(parts, asked, body);
    if (!known)
        write.prevented = known.error();
    else if (auto prepared = prepared_order(parts, asked, body, id))
        write.work = *std::move(prepared);
    else
        write.prevented = std::move(prepared).error();
    return write;
}

/// Amounts are compared in one currency, which must be said.   Errors: parameter_invalid.
Result<void, Trouble> read_amounts(Asked const& asked, views::OrderFilter& filter) {
    KONTOR_TRY(auto const currency, parsed_parameter<Currency>(asked, "currency"));
    KONTOR_TRY(filter.total_min, amount_parameter(asked, "total_min"));
    KONTOR_TRY(filter.total_max, amount_parameter(asked, "total_max"));
    if ((filter.total_min || filter.total_max) && !currency)
        return unexpected(bad_parameter("currency", "it is wanted where totals are compared"));
    if (currency)
        filter.currency = views::CurrencyCode(currency->code());
    return {};
}

PlaceOrder order_of(PlaceOrderInBatch const& item) {
    return {item.lines,   item.currency,       item.shipping_method, item.ship_to,    item.contact,
            item.payment, item.expected_total, item.coupon,          item.customer_id};
}

} // namespace

Served order_write(Asked const& asked, OrderId id, order::Command command, std::uint16_t status) {
    auto write = write_to<Orders>(id, std::move(command), status, render_order);
    write.correlation = id.value();
    expect_what_was_read(write, asked);
    return Answer(std::move(write));
}

namespace code {

Served place_order(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<PlaceOrder>(asked));
    return Answer(order_to_place(parts, asked, body, asked.command));
}

Served place_orders(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<PlaceOrders>(asked));
    if (body.orders.size() > batch_max)
        return unexpected(bad_field("/orders", "at most 256 orders are wanted"));
    Writes writes;
    for (auto const& item : body.orders) {
        auto const command = keyed_command(asked, item.idempotency_key.value);
        auto const order = order_of(item);
        auto write = order_to_place(parts, asked, order, command);
        write.fingerprint = fingerprint_of("POST", asked.request->path, codec::to_json(order));
        writes.each.emplace_back(std::move(write));
    }
    return Answer(std::move(writes));
}

Served list_orders(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    views::OrderFilter filter;
    KONTOR_TRY(filter.state, enum_parameter<views::OrderState>(asked, "state"));
    KONTOR_TRY(filter.customer, parsed_parameter<CustomerId>(asked, "customer"));
    KONTOR_TRY(filter.placed_after, time_parameter(asked, "placed_after"));
    KONTOR_TRY(filter.placed_before, time_parameter(asked, "placed_before"));
    KONTOR_TRY(read_amounts(asked, filter));
    KONTOR_TRY(filter.sku, parsed_parameter<Sku>(asked, "sku"));
    if (auto const text = asked.parameter("number")) {
        filter.number = order::parse_order_number(*text);
        if (!filter.number)
            return unexpected(bad_parameter("number", "a number like K7QM-2F9T is wanted"));
    }
    if (!asked.sees_all()) {
        if (!asked.caller.customer || (filter.customer && filter.customer != asked.caller.customer))
            return Answer(page_reply(parts, asked, {}));
        filter.customer = asked.caller.customer;
    }
    KONTOR_TRY(filter.after, key_after<OrderId>(page));
    filter.limit = page.limit;
    KONTOR_TRY(auto const sort, enum_parameter<OrderSort>(asked, "sort"));
    auto const direction =
        sort == OrderSort::oldest ? ports::Direction::ascending : ports::Direction::descending;
    auto const address = asked.parameter("q");
    KONTOR_TRY(auto const found,
               address ? orders_of_address(parts, asked, filter, direction, *address)
                       : or_trouble(views::list_orders(*asked.rows, filter, direction)));
    PageText text;
    for (auto const& order : found.orders)
        add_item(text.items, answer_of(order));
    text.has_more = found.looked_to.has_value();
    if (found.looked_to)
        text.last = found.looked_to->to_string();
    return Answer(page_reply(parts, asked, text));
}

Served show_order(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    KONTOR_TRY(auto const until, until_asked(parts, asked));
    KONTOR_TRY(auto const order, or_trouble(fold_order(parts, id, until)));
    if (!order)
        return unexpected(trouble("unknown_order"));
    auto answer = answer_of(*order);
    KONTOR_TRY(answer.documents, or_trouble(documents_of(parts.log, *order)));
    auto reply = versioned_reply(asked, 200, answer);
    reply.headers.add("Kontor-Position", std::to_string(parts.log.durable().position.value()));
    return Answer(std::move(reply));
}

Served cancel_order(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<CancelOrder>(asked));
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    auto const by = asked.actor().kind;
    if (body.lines)
        return order_write(asked, id, order::CancelLines{*body.lines, body.reason.value, by});
    return order_write(asked, id, order::Cancel{body.reason.value, by});
}

Served change_order(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<ChangeOrder>(asked));
    if (!body.ship_to && !body.contact)
        return unexpected(bad_field("", "ship_to or contact is wanted"));
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    order::ChangeAddress change;
    if (body.ship_to) {
        KONTOR_TRY(auto const order, or_trouble(fold_order(parts, id, {})));
        // Tax and shipping were reckoned for the country.
        if (order && order->view.order.country != body.ship_to->country)
            return unexpected(
                bad_field("/ship_to/country", "the country of an order stays what it is"));
        change.ship_to = address_of(*body.ship_to);
    }
    if (body.contact)
        change.contact = contact_of(*body.contact);
    return order_write(asked, id, std::move(change));
}

Served abandon_edit(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    return order_write(asked, id, order::AbandonEdit{"abandoned by the editor"});
}

Served offer_payment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<PayWith>(asked));
    if (body.method.view() != "card")
        return unexpected(bad_field("/method", "card is wanted"));
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    KONTOR_TRY(auto const folded, or_trouble(commands::fold_stream<Orders>(parts.log, id)));
    auto const* const waiting = std::get_if<order::AwaitingPayment>(&folded.first);
    auto const attempt = waiting != nullptr ? waiting->attempt + 1 : 1;
    return order_write(
        asked, id,
        order::OfferPayment{attempt, body.method, Personal<std::string>(body.token.value)}, 202);
}

} // namespace code
} // namespace kontor::services::gateway
