#include "services/inventory/inventory_runner.hpp"

#include "codec/event_types.hpp"
#include "platform/processes/what_is_open.hpp"
#include "services/inventory/limits.hpp"

#include <algorithm>
#include <functional>

namespace kontor::services {
namespace {

Actor const inventory_actor{ActorKind::service, InlineText<31>("inventory")};

/// After one of these no hold can run out any more.
bool ends_the_hold(EventType type) {
    return codec::holds<reservation::Confirmed>(type) ||
           codec::holds<reservation::Released>(type) || codec::holds<reservation::Expired>(type);
}

} // namespace

InventoryRunner::InventoryRunner(ports::EventStore& store, Clock& clock, ShopClient& client)
    : store_(store), clock_(clock), client_(client) {}

Result<void> InventoryRunner::recover() {
    auto const forget = [this] {
        orders_.clear();
        run_out_ = {};
    };
    auto const see = std::bind_front(&InventoryRunner::take_up, this);
    KONTOR_TRY(position_,
               processes::catch_up(store_, ports::Limit(reservation_page_events_max), forget, see));
    if (position_ != ports::Position())
        deadlines_from_ = clock_.now() + holds_rest_at_start;
    return {};
}

std::optional<Instant> InventoryRunner::next_deadline() {
    auto const next = run_out_.next();
    return next ? std::optional(std::max(*next, deadlines_from_)) : std::nullopt;
}

Result<WorkDone> InventoryRunner::do_work(WorkBudget budget) {
    client_.submit_waiting(waiting_);
    KONTOR_TRY(auto const events, follow(std::min(budget.items_max, reservation_page_events_max)));
    auto const ended = let_go(budget.items_max);
    client_.submit_waiting(waiting_);
    return WorkDone{events + ended};
}

Result<std::size_t> InventoryRunner::follow(std::size_t events_max) {
    if (waiting_.size() >= expiries_waiting_max)
        return std::size_t{0};
    return processes::follow(store_, position_, ports::Limit(events_max),
                             std::bind_front(&InventoryRunner::take_up, this));
}

/// What an import brings was sold at once: nothing of it runs out.
Result<void> InventoryRunner::take_up(ports::EventPage const& page,
                                      ports::RecordedEvent const& event) {
    if (event.stream.category() != StreamCategory::reservation ||
        page.commit_of(event).header.actor.kind == ActorKind::import)
        return {};
    return see(event);
}

Result<void> InventoryRunner::see(ports::RecordedEvent const& event) {
    ReservationId const id(event.stream.id());
    if (ends_the_hold(event.type)) {
        run_out_.clear(id);
        orders_.erase(id);
        return {};
    }
    bool const is_held = codec::holds<reservation::Held>(event.type);
    if (!is_held && !codec::holds<reservation::Extended>(event.type))
        return {};
    KONTOR_TRY(auto const fact, codec::decode<reservation::Event>(event.type, event.payload));
    if (auto const* const held = std::get_if<reservation::Held>(&fact)) {
        orders_.insert_or_assign(id, held->order_id);
        run_out_.set(id, held->expires_at);
    }
    // Of a reservation that was not seen from its first fact on, an extension says too little.
    if (auto const* const extended = std::get_if<reservation::Extended>(&fact);
        extended != nullptr && orders_.contains(id))
        run_out_.set(id, extended->expires_at);
    return {};
}

/// A request that meets an extension it did not see yet is refused as too early; the extension's
/// fact sets the deadline anew.
std::size_t InventoryRunner::let_go(std::size_t count_max) {
    std::size_t ended = 0;
    auto const now = clock_.now();
    if (now < deadlines_from_)
        return 0;
    for (; ended < count_max && waiting_.size() < expiries_waiting_max; ++ended) {
        auto const at = run_out_.next();
        auto const id = run_out_.take_reached(now);
        if (!id)
            break;
        auto const order = orders_.at(*id);
        auto const command = derive_id<CommandId>(
            *id, "run out", static_cast<std::uint64_t>(at->unix_microseconds()));
        waiting_.push_back(std::make_unique<ShopRequest>(command, order.value(), id->value(), now,
                                                         inventory_actor,
                                                         ExpireReservation{*id, order}));
    }
    return ended;
}

} // namespace kontor::services
