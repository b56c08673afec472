#include "services/carrier/carrier_runner.hpp"

#include "base/overloaded.hpp"

#include <algorithm>

namespace kontor::services {
namespace {

Actor const carrier_actor{ActorKind::service, InlineText<31>("carrier")};

/// Requests that wait for the desk; at the limit the runner reads no further and does nothing more.
constexpr std::size_t waiting_max = 1024;
constexpr std::size_t page_events_max = 1024;

/// What tells the acts of one parcel apart, so that each has an id of its own that a restart finds
/// again.
std::uint64_t number_of(CarrierAct const& act) {
    auto const attempt = overloaded{
        [](MissBuyer const& missed) { return std::uint64_t{missed.attempt}; },
        [](BringBack const& brought) { return std::uint64_t{brought.attempt}; },
        [](auto const&) { return std::uint64_t{0}; },
    };
    return act.index() * 16 + std::visit(attempt, act);
}

} // namespace

CarrierRunner::CarrierRunner(ports::EventStore& store, Clock& clock, Random seed,
                             ShopClient& client, CarrierOptions options)
    : store_(store), clock_(clock), seed_(seed), client_(client), options_(options) {}

Result<WorkDone> CarrierRunner::do_work(WorkBudget budget) {
    while (client_.try_answer()) {
    }
    send_waiting();
    KONTOR_TRY(auto const events, follow(std::min(budget.items_max, page_events_max)));
    auto const acts = act(budget.items_max);
    send_waiting();
    return WorkDone{events + acts};
}

Result<std::size_t> CarrierRunner::follow(std::size_t events_max) {
    if (waiting_.size() >= waiting_max)
        return std::size_t{0};
    KONTOR_TRY(auto const page, store_.read_log(position_, ports::Limit(events_max)));
    for (auto const& event : page.events) {
        auto const& header = page.commit_of(event).header;
        if (header.actor.kind != ActorKind::import &&
            event.stream.category() == StreamCategory::order)
            KONTOR_TRY(see_order(event));
        if (header.actor.kind != ActorKind::import &&
            event.stream.category() == StreamCategory::fulfilment)
            KONTOR_TRY(see_parcel(event, OrderId(header.correlation_id)));
        position_ = event.position;
    }
    return page.events.size();
}

Result<void> CarrierRunner::see_order(ports::RecordedEvent const& event) {
    KONTOR_TRY(auto const fact, codec::decode<order::Event>(event.type, event.payload));
    OrderId const id(event.stream.id());
    if (auto const* const confirmed = std::get_if<order::Confirmed>(&fact);
        confirmed && confirmed->reservation_id)
        reservations_[id] = *confirmed->reservation_id;
    if (std::holds_alternative<order::Completed>(fact) ||
        std::holds_alternative<order::Cancelled>(fact))
        reservations_.erase(id);
    return {};
}

Result<void> CarrierRunner::see_parcel(ports::RecordedEvent const& event, OrderId order) {
    KONTOR_TRY(auto const fact, codec::decode<fulfilment::Event>(event.type, event.payload));
    FulfilmentId const id(event.stream.id());
    auto const now = clock_.now();
    auto planned = next_act(id, fact, now, seed_);
    if (!planned) {
        acts_due_.clear(id);
        parcels_.erase(id);
        return {};
    }
    bool const is_mishap = std::holds_alternative<MissBuyer>(planned->act) ||
                           std::holds_alternative<BringBack>(planned->act);
    if (is_mishap && options_.luck == Luck::always)
        planned->act = BringToBuyer{};
    auto const after =
        Duration::microseconds((planned->at - now).in_microseconds() / options_.hurry);
    parcels_.insert_or_assign(id, Parcel{order, std::move(planned->act)});
    acts_due_.set(id, now + after);
    return {};
}

std::size_t CarrierRunner::act(std::size_t count_max) {
    std::size_t acts = 0;
    auto const now = clock_.now();
    for (; acts < count_max && waiting_.size() < waiting_max; ++acts) {
        auto const id = acts_due_.take_reached(now);
        if (!id)
            break;
        auto const& parcel = parcels_.at(*id);
        waiting_.push_back({derive_id<CommandId>(*id, "carrier", number_of(parcel.next)),
                            parcel.order_id.value(), id->value(), now, carrier_actor,
                            work_of(*id, parcel, now)});
    }
    return acts;
}

Work CarrierRunner::work_of(FulfilmentId id, Parcel const& parcel, Instant now) const {
    return std::visit(
        overloaded{
            [&](HandOver const& act) -> Work {
                auto const found = reservations_.find(parcel.order_id);
                auto const reservation =
                    found == reservations_.end() ? ReservationId() : found->second;
                return DispatchParcel{id, reservation, act.carrier, {}};
            },
            [&](BringToBuyer const&) -> Work {
                return Compound{{On<Fulfilments>{id, fulfilment::Deliver{now}},
                                 On<Orders>{parcel.order_id, order::Deliver{id}}}};
            },
            [&](MissBuyer const& act) -> Work {
                return Compound{
                    {On<Fulfilments>{id, fulfilment::FailDelivery{act.attempt, act.reason}}}};
            },
            [&](BringBack const& act) -> Work {
                return Compound{
                    {On<Fulfilments>{id, fulfilment::ReturnToSender{act.attempt, act.reason}}}};
            },
        },
        parcel.next);
}

void CarrierRunner::send_waiting() {
    while (!waiting_.empty() && client_.try_submit(std::move(waiting_.front())))
        waiting_.pop_front();
}

} // namespace kontor::services
