#include "services/gateway/codes.hpp"

#include "platform/commands/turn.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/views/orders.hpp"
#include "services/views/read_rows.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

constexpr ports::Limit shipments_page(1024);

/// A parcel as its stream tells it up to a version; no row: there is none.
struct Parcel {
    std::optional<views::ShipmentRow> row{};
    std::optional<Personal<std::string>> tracking{};
};

Result<Parcel, Trouble> read_parcel(Parts& parts, FulfilmentId id, ports::StreamVersion last) {
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_stream(StreamId::fulfilment(id), ports::StreamVersion(1),
                                                shipments_page)));
    views::OrderTables rows(shipments_page.value());
    Parcel parcel;
    for (auto const& event : page.events) {
        if (event.version > last)
            break;
        KONTOR_TRY(or_trouble(views::project_shipment_fact(rows, event, page.commit_of(event))));
        KONTOR_TRY(auto fact, or_trouble(Fulfilments::decode(event.type, event.payload)));
        KONTOR_TRY(or_trouble(sealing::open_fact(parts.opener, fact, page.id_of(event))));
        if (auto const* const gone = std::get_if<fulfilment::Dispatched>(&fact))
            parcel.tracking = gone->tracking;
    }
    rows.shipments.each([&](views::ShipmentRow const& row) { parcel.row = row; });
    return parcel;
}

Result<Parcel, Trouble> parcel_in_path(Parts& parts, Asked const& asked,
                                       ports::StreamVersion last = newest) {
    KONTOR_TRY(auto const id, path_value<FulfilmentId>(asked, 0, "unknown_fulfilment"));
    KONTOR_TRY(auto parcel, read_parcel(parts, id, last));
    if (!parcel.row)
        return unexpected(trouble("unknown_fulfilment"));
    KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, parcel.row->order_id));
    if (!is_seen)
        return unexpected(trouble("unknown_fulfilment"));
    return parcel;
}

Reply reply_of(Asked const& asked, Parcel const& parcel, std::uint16_t status) {
    auto answer = gateway::answer_of(*parcel.row);
    answer.tracking = parcel.tracking;
    return versioned_reply(asked, status, answer);
}

Result<Reply, Trouble> render_parcel(Parts& parts, Asked const& asked, Seen const& seen) {
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked, seen.version));
    return reply_of(asked, parcel, seen.status);
}

Served parcel_write(views::ShipmentRow const& row, Work work) {
    Write write;
    write.correlation = row.order_id.value();
    write.shows = StreamId::fulfilment(row.id);
    write.render = render_parcel;
    write.work = std::move(work);
    return Answer(std::move(write));
}

Served parcel_command(views::ShipmentRow const& row, fulfilment::Command command) {
    return parcel_write(row, Compound{{On<Fulfilments>{row.id, std::move(command)}}});
}

/// The number of the next failed attempt to deliver.
Result<std::uint16_t, Trouble> next_attempt(Parts& parts, FulfilmentId id) {
    KONTOR_TRY(auto const folded, or_trouble(commands::fold_stream<Fulfilments>(parts.log, id)));
    auto const* const under_way = std::get_if<fulfilment::UnderWay>(&folded.first);
    return static_cast<std::uint16_t>(under_way == nullptr ? 1 : under_way->failed_attempt + 1);
}

Result<Reply, Trouble> render_packed(Parts& parts, Asked const& asked, Seen const& seen) {
    KONTOR_TRY(auto const parcel, read_parcel(parts, FulfilmentId(seen.stream.id()), seen.version));
    if (!parcel.row)
        return unexpected(trouble("unknown_fulfilment"));
    auto reply = reply_of(asked, parcel, seen.status);
    reply.headers.add("Location", "/v1/shipments/" + parcel.row->id.to_string());
    return reply;
}

/// The order's process, where it lets somebody pack.
Result<std::pair<checkout::State, ports::StreamVersion>, Trouble> packing_of(Parts& parts,
                                                                             OrderId order) {
    KONTOR_TRY(auto folded, or_trouble(commands::fold_stream<Checkouts>(parts.log, order)));
    auto const& state = folded.first;
    if (folded.second.value() == 0)
        return unexpected(trouble("unknown_order")); // imported: nobody leads it
    if (state.order == checkout::OrderStatus::open)
        return unexpected(trouble("not_confirmed"));
    if (state.order != checkout::OrderStatus::confirmed || state.closing)
        return unexpected(trouble("order_closed"));
    if (state.edit)
        return unexpected(trouble("order_editing"));
    return folded;
}

/// What is wanted of what lies at the place and is in no parcel yet.   Errors: unknown_line.
Result<fulfilment::Create, Trouble> parcel_of(checkout::State const& state,
                                              PackShipment const& body, Instant now) {
    fulfilment::Create create{state.order_id, body.location, {}, std::max(state.ship_by, now)};
    create.open.emplace();
    for (auto const& goods : state.goods)
        if (goods.location == body.location && goods.ready > 0)
            create.open->push_back({goods.line, Quantity::of(goods.ready)});
    for (auto const& [line, quantity] : body.lines) {
        auto const found = std::ranges::find(state.goods, line, &checkout::Goods::line);
        if (found == state.goods.end())
            return unexpected(trouble("unknown_line"));
        create.lines.push_back({line, found->sku, quantity});
    }
    return create;
}

} // namespace

namespace code {

Served pack_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<PackShipment>(asked));
    KONTOR_TRY(auto const order, order_in_path(parts, asked));
    auto const id = id_at<FulfilmentId>(asked.command.value(), asked.command, "parcel");
    Write write;
    write.correlation = order.value();
    write.shows = StreamId::fulfilment(id);
    write.status = 201;
    write.render = render_packed;
    auto const packing = packing_of(parts, order);
    auto create = packing ? parcel_of(packing->first, body, asked.now)
                          : Result<fulfilment::Create, Trouble>(unexpected(packing.error()));
    if (!create) {
        // It may be what this very key brought about.
        write.prevented = std::move(create).error();
        return Answer(std::move(write));
    }
    // Whoever packs at the same time would pack the same units.
    write.expected = commands::ExpectedStream{StreamId::checkout(order), packing->second};
    write.work = Compound{{On<Fulfilments>{id, *std::move(create)}}};
    return Answer(std::move(write));
}

Served list_shipments(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    KONTOR_TRY(auto const order, parsed_parameter<OrderId>(asked, "order"));
    KONTOR_TRY(auto const state, enum_parameter<views::ShipmentState>(asked, "state"));
    KONTOR_TRY(auto const location, parsed_parameter<Location>(asked, "location"));
    if (!asked.sees_all()) {
        if (!order)
            return unexpected(bad_parameter("order", "which order's shipments are wanted?"));
        KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, *order));
        if (!is_seen)
            return Answer(page_reply(parts, asked, {}));
    }
    projections::TextArena arena;
    views::RowScan<views::ShipmentRow> scan{
        .table = static_cast<std::size_t>(views::OrderTable::shipments)};
    if (order)
        scan.prefix = {projections::CellForm<OrderId>::cell(*order, arena)};
    if (page.after) {
        auto const slash = page.after->find('/');
        auto const order_id = OrderId::parse(page.after->substr(0, slash));
        auto const id = FulfilmentId::parse(
            slash == std::string::npos ? std::string() : page.after->substr(slash + 1));
        if (!order_id || !id)
            return unexpected(trouble("cursor_invalid"));
        scan.after = std::tuple(*order_id, *id);
    }
    std::vector<views::ShipmentRow> rows;
    KONTOR_TRY(or_trouble(views::scan_rows(*asked.rows, scan, [&](views::ShipmentRow&& row) {
        if ((!state || row.state == *state) && (!location || row.location == *location))
            rows.push_back(std::move(row));
        return rows.size() <= page.limit;
    })));
    PageText text;
    text.has_more = cut_to(rows, page.limit);
    for (auto const& row : rows) {
        add_item(text.items, answer_of(row));
        text.last = row.order_id.to_string() + "/" + row.id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

Served show_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    return Answer(reply_of(asked, parcel, 200));
}

Served dispatch_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<DispatchShipment>(asked));
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    auto const& row = *parcel.row;
    return parcel_write(
        row, DispatchParcel{row.id, {}, body.carrier, Personal<std::string>(body.tracking.value)});
}

Served deliver_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<DeliverShipment>(asked));
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    auto const& row = *parcel.row;
    auto const at = std::min(body.at.value_or(asked.now), asked.now);
    return parcel_write(row, Compound{{On<Fulfilments>{row.id, fulfilment::Deliver{at}},
                                       On<Orders>{row.order_id, order::Deliver{row.id}}}});
}

Served fail_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    KONTOR_TRY(auto const attempt, next_attempt(parts, parcel.row->id));
    return parcel_command(*parcel.row,
                          fulfilment::FailDelivery{attempt, fulfilment::DeliveryReason::other});
}

Served return_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    KONTOR_TRY(auto const attempt, next_attempt(parts, parcel.row->id));
    return parcel_command(*parcel.row,
                          fulfilment::ReturnToSender{attempt, fulfilment::DeliveryReason::other});
}

Served hold_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    return parcel_command(*parcel.row, fulfilment::Hold{});
}

Served resume_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    return parcel_command(*parcel.row, fulfilment::Resume{});
}

Served cancel_shipment(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const parcel, parcel_in_path(parts, asked));
    return parcel_command(*parcel.row, fulfilment::Cancel{fulfilment::HoldReason::operator_});
}

} // namespace code
} // namespace kontor::services::gateway
