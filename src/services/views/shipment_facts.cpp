#include "services/views/orders.hpp"

namespace kontor::services::views {
namespace {

/// The row of the parcel, with version and time moved on; null: its facts begin in the middle.
template <class Fact>
ShipmentRow* moved_parcel(OrderTables& rows, Recorded<Fact> const& it) {
    auto* const row = rows.shipments.change({it.event.order_id, FulfilmentId(it.stream.id())});
    if (row != nullptr) {
        row->version = it.version;
        row->updated_at = it.occurred_at;
    }
    return row;
}

template <class Fact>
void enter(OrderTables& rows, Recorded<Fact> const& it, ShipmentState state) {
    if (auto* const row = moved_parcel(rows, it))
        row->state = state;
}

} // namespace

void project(OrderTables& rows, Recorded<fulfilment::Created> const& it) {
    rows.shipments.add({it.event.order_id, FulfilmentId(it.stream.id()), it.version, it.occurred_at,
                        it.occurred_at, ShipmentState::created, it.event.location, it.event.ship_by,
                        std::nullopt, 0, it.event.lines});
}

void project(OrderTables& rows, Recorded<fulfilment::Held> const& it) {
    if (auto* const row = moved_parcel(rows, it)) {
        row->holds += 1;
        row->state = ShipmentState::held;
    }
}

void project(OrderTables& rows, Recorded<fulfilment::Resumed> const& it) {
    if (auto* const row = moved_parcel(rows, it)) {
        row->holds -= std::min(row->holds, 1U);
        row->state = row->holds == 0 ? ShipmentState::created : ShipmentState::held;
    }
}

void project(OrderTables& rows, Recorded<fulfilment::Cancelled> const& it) {
    enter(rows, it, ShipmentState::cancelled);
}

void project(OrderTables& rows, Recorded<fulfilment::Dispatched> const& it) {
    if (auto* const row = moved_parcel(rows, it)) {
        row->state = ShipmentState::dispatched;
        row->carrier = it.event.carrier;
        row->lines = it.event.lines;
    }
}

void project(OrderTables& rows, Recorded<fulfilment::Delivered> const& it) {
    enter(rows, it, ShipmentState::delivered);
}

void project(OrderTables& rows, Recorded<fulfilment::DeliveryFailed> const& it) {
    enter(rows, it, ShipmentState::delivery_failed);
}

void project(OrderTables& rows, Recorded<fulfilment::ReturnedToSender> const& it) {
    enter(rows, it, ShipmentState::returned_to_sender);
}

Result<void> project_shipment_fact(OrderTables& rows, ports::RecordedEvent const& event,
                                   ports::RecordedCommit const& commit) {
    return projections::project_fact<fulfilment::Event>(rows, event, commit);
}

} // namespace kontor::services::views
