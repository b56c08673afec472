#include "services/gateway/codes.hpp"

#include "platform/commands/turn.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/fact_answers.hpp"
#include "services/gateway/stock_answers.hpp"
#include "services/inventory/shelf.hpp"
#include "services/views/queries.hpp"

#include "base/overloaded.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

Result<StockKey, Trouble> item_in_path(Asked const& asked) {
    KONTOR_TRY(auto const sku, path_value<Sku>(asked, 0, "unknown_sku"));
    KONTOR_TRY(auto const location, path_value<Location>(asked, 1, "unknown_location"));
    return StockKey{location, sku};
}

Trouble at_path(Trouble found, std::string name, std::string message) {
    found.detail = name + ": " + message;
    found.status = 404;
    found.errors.push_back({std::move(name), std::move(message)});
    return found;
}

/// Errors: unknown_sku, unknown_place, unavailable.
Result<void, Trouble> check_shelf(Parts& parts, StockKey const& key) {
    KONTOR_TRY(auto const shelf, or_trouble(find_shelf(parts.log, parts.locations, key)));
    switch (shelf) {
    case Shelf::is_there: return {};
    case Shelf::unknown_sku:
        return unexpected(
            at_path(trouble("unknown_sku"), "sku", "there is no such product: add it first"));
    case Shelf::unknown_place:
        return unexpected(at_path(trouble("unknown_place"), "location",
                                  "one of " + names_of(parts.locations) + " is wanted"));
    }
    KONTOR_UNREACHABLE();
}

Result<Reply, Trouble> show_item(Parts& parts, Asked const& asked, StockKey const& key,
                                 ports::StreamVersion last, std::uint16_t status) {
    KONTOR_TRY(auto const found, or_trouble(parts.catalogue.stock_item(key, last)));
    auto const* const item = std::get_if<stock::Item>(&found.state);
    if (item == nullptr)
        return unexpected(trouble("unknown_location"));
    auto const answer = gateway::answer_of(key, found.version, *item);
    auto reply = versioned_reply(asked, status, answer);
    if (status == 201)
        reply.headers.add("Location", "/v1/inventory/" + std::string(key.sku.view()) + "/" +
                                          std::string(key.location.view()));
    return reply;
}

Result<Reply, Trouble> render_item(Parts& parts, Asked const& asked, Seen const& seen) {
    KONTOR_TRY(auto const key, item_in_path(asked));
    return show_item(parts, asked, key, seen.version, seen.status);
}

Served item_write(Asked const& asked, StockKey const& key, stock::Command command,
                  std::uint16_t status) {
    auto write = write_to<StockItems>(key, std::move(command), status, render_item);
    expect_what_was_read(write, asked);
    return Answer(std::move(write));
}

StockItemAnswer answer_of(views::StockItemRow const& row) {
    return {row.sku,    row.location,  row.version,     row.on_hand,       row.reserved,
            row.safety, row.available, row.backordered, row.backorder_max, row.low_at};
}

Served list_items(Parts& parts, Asked& asked, views::StockFilter filter) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    KONTOR_TRY(filter.after, item_after(page));
    filter.limit = page.limit + 1;
    KONTOR_TRY(auto items, or_trouble(views::list_stock(*asked.rows, filter)));
    PageText text;
    text.has_more = cut_to(items, page.limit);
    for (auto const& item : items) {
        add_item(text.items, answer_of(item));
        text.last = item_key(item);
    }
    return Answer(page_reply(parts, asked, text));
}

ReservationAnswer answer_of(ReservationId id, ports::StreamVersion version,
                            reservation::State const& state) {
    ReservationAnswer answer{id, {}, version.value(), {}, reservation::promised_items(state), {}};
    std::visit(overloaded{
                   [](reservation::Nothing const&) {},
                   [&](reservation::OnHold const& it) {
                       answer.order_id = it.order_id;
                       answer.expires_at = it.expires_at;
                       answer.state = ReservationState::held;
                   },
                   [&](reservation::Firm const& it) {
                       answer.order_id = it.order_id;
                       answer.state = ReservationState::confirmed;
                   },
                   [&](reservation::Refused const& it) {
                       answer.order_id = it.order_id;
                       answer.state = ReservationState::rejected;
                   },
                   [&](reservation::Closed const& it) {
                       answer.order_id = it.order_id;
                       answer.state = it.ending == reservation::Ending::expired
                                          ? ReservationState::expired
                                          : ReservationState::released;
                   },
               },
               state);
    return answer;
}

Result<ReservationAnswer, Trouble> read_reservation(Parts& parts, ReservationId id,
                                                    ports::StreamVersion last) {
    KONTOR_TRY(auto const folded,
               or_trouble(commands::fold_stream<Reservations>(parts.log, id, last)));
    if (std::holds_alternative<reservation::Nothing>(folded.first))
        return unexpected(trouble("unknown_reservation"));
    return answer_of(id, folded.second, folded.first);
}

Result<Reply, Trouble> render_reservation(Parts& parts, Asked const& asked, Seen const& seen) {
    KONTOR_TRY(auto const answer,
               read_reservation(parts, ReservationId(seen.stream.id()), seen.version));
    return versioned_reply(asked, seen.status, answer);
}

} // namespace

namespace code {

Served list_stock(Parts& parts, Asked& asked) {
    views::StockFilter filter;
    KONTOR_TRY(filter.sku, parsed_parameter<Sku>(asked, "sku"));
    KONTOR_TRY(filter.location, parsed_parameter<Location>(asked, "location"));
    KONTOR_TRY(filter.below, amount_parameter(asked, "below"));
    return list_items(parts, asked, std::move(filter));
}

Served list_stock_of(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const sku, path_value<Sku>(asked, 0, "unknown_sku"));
    return list_items(parts, asked, {.sku = sku});
}

Served show_stock(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const key, item_in_path(asked));
    KONTOR_TRY(auto reply, show_item(parts, asked, key, newest, 200));
    return Answer(std::move(reply));
}

Served list_movements(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const key, item_in_path(asked));
    return facts_of_stream(parts, asked, StreamId::stock(key.location, key.sku), "after",
                           trouble("unknown_location"));
}

Served receive_stock(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const key, item_in_path(asked));
    KONTOR_TRY(auto const body, body_of<ReceiveStock>(asked));
    KONTOR_TRY(check_shelf(parts, key));
    return item_write(asked, key,
                      stock::Receive{key.sku, key.location, body.quantity, body.reference.value},
                      201);
}

Served adjust_stock(Parts&, Asked& asked) {
    KONTOR_TRY(auto const key, item_in_path(asked));
    KONTOR_TRY(auto const body, body_of<AdjustStock>(asked));
    if (body.kind == stock::AdjustReason::transferred)
        return unexpected(bad_field("/kind", "a transfer has two halves: POST …/transfers"));
    return item_write(asked, key,
                      stock::Adjust{key.sku, key.location, body.delta,
                                    body.kind.value_or(stock::AdjustReason::corrected),
                                    body.reason.value},
                      201);
}

Served transfer_stock(Parts&, Asked& asked) {
    KONTOR_TRY(auto const from, item_in_path(asked));
    KONTOR_TRY(auto const body, body_of<TransferUnits>(asked));
    if (body.to == from.location)
        return unexpected(bad_field("/to", "another location is wanted"));
    Write write;
    write.shows = StockItems::stream(from);
    write.status = 201;
    write.render = render_item;
    write.work = TransferStock{from, body.to, body.quantity,
                               derive_id<TransferId>(asked.command, "transfer")};
    expect_what_was_read(write, asked);
    return Answer(std::move(write));
}

Served set_stock_policy(Parts&, Asked& asked) {
    KONTOR_TRY(auto const key, item_in_path(asked));
    KONTOR_TRY(auto const body, body_of<SetStockPolicy>(asked));
    return item_write(
        asked, key,
        stock::SetPolicy{key.sku, key.location, body.safety, body.backorder_max, body.low_at}, 200);
}

Served show_reservation(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, path_value<ReservationId>(asked, 0, "unknown_reservation"));
    KONTOR_TRY(auto const answer, read_reservation(parts, id, newest));
    return Answer(versioned_reply(asked, 200, answer));
}

Served release_reservation(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, path_value<ReservationId>(asked, 0, "unknown_reservation"));
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const found, read_reservation(parts, id, newest));
    Write write;
    write.correlation = found.order_id.value();
    write.shows = StreamId::reservation(id);
    write.render = render_reservation;
    write.work = ReleaseReservation{id, found.order_id};
    return Answer(std::move(write));
}

} // namespace code
} // namespace kontor::services::gateway
