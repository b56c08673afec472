#include "services/carrier/carrier_runner.hpp"

#include "base/overloaded.hpp"
#include "codec/event_types.hpp"
#include "platform/processes/what_is_open.hpp"
#include "services/shop/order_of.hpp"

#include <algorithm>
#include <functional>

namespace kontor::services {
namespace {

Actor const carrier_actor{ActorKind::service, InlineText<31>("carrier")};

/// Requests that wait for the desk; at the limit the runner reads no further and does nothing more.
constexpr std::size_t waiting_max = 1024;
constexpr std::size_t page_events_max = 1024;

/// A shelf does not notice that units are put on it a second time: the outcome is remembered.
constexpr commands::Fingerprint taking_in{'t', 'a', 'k', 'e', ' ', 'i', 'n'};

/// Of an order's facts; the end of an order shows without a look inside.
bool is_looked_at(EventType type) {
    return codec::holds<order::Confirmed>(type) || codec::holds<order::ReturnRequested>(type) ||
           codec::holds<order::ReturnReceived>(type) || codec::holds<order::ReturnCancelled>(type);
}

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

Result<void> CarrierRunner::recover() {
    auto const forget = [this] {
        reservations_.clear();
        parcels_.clear();
        coming_back_.clear();
        acts_due_ = {};
    };
    auto const see = std::bind_front(&CarrierRunner::take_up, this);
    KONTOR_TRY(position_, processes::catch_up(store_, ports::Limit(page_events_max), forget, see));
    return {};
}

Result<WorkDone> CarrierRunner::do_work(WorkBudget budget) {
    client_.submit_waiting(waiting_);
    KONTOR_TRY(auto const events, follow(std::min(budget.items_max, page_events_max)));
    KONTOR_TRY(auto const acts, act(budget.items_max));
    client_.submit_waiting(waiting_);
    return WorkDone{events + acts};
}

Result<std::size_t> CarrierRunner::follow(std::size_t events_max) {
    if (waiting_.size() >= waiting_max)
        return std::size_t{0};
    return processes::follow(store_, position_, ports::Limit(events_max),
                             std::bind_front(&CarrierRunner::take_up, this));
}

Result<void> CarrierRunner::take_up(ports::EventPage const& page,
                                    ports::RecordedEvent const& event) {
    auto const& [header, recorded_at] = page.commit_of(event);
    if (header.actor.kind == ActorKind::import)
        return {};
    if (event.stream.category() == StreamCategory::order)
        return see_order(event, recorded_at);
    if (event.stream.category() == StreamCategory::fulfilment)
        return see_parcel(event, OrderId(header.correlation_id), recorded_at);
    return {};
}

Result<void> CarrierRunner::see_order(ports::RecordedEvent const& event, Instant at) {
    OrderId const id(event.stream.id());
    if (codec::holds<order::Completed>(event.type) || codec::holds<order::Cancelled>(event.type))
        reservations_.erase(id);
    if (!is_looked_at(event.type))
        return {};
    KONTOR_TRY(auto const& fact, codec::decode<order::Event>(event.type, event.payload));
    if (auto const* const confirmed = std::get_if<order::Confirmed>(&fact);
        confirmed && confirmed->reservation_id)
        reservations_[id] = *confirmed->reservation_id;
    see_return(id, fact, at);
    return {};
}

void CarrierRunner::see_return(OrderId order, order::Event const& fact, Instant at) {
    auto const end = [this](ReturnId id) {
        auto const found = coming_back_.find(id);
        if (found == coming_back_.end())
            return;
        forget(found->second);
        coming_back_.erase(found);
    };
    if (auto const* const asked = std::get_if<order::ReturnRequested>(&fact);
        asked && asked->fulfilment_id) {
        coming_back_.insert_or_assign(asked->return_id, *asked->fulfilment_id);
        plan(order, take_in(*asked->fulfilment_id, asked->return_id, at, seed_), at);
    }
    if (auto const* const received = std::get_if<order::ReturnReceived>(&fact);
        received && received->last)
        end(received->return_id);
    if (auto const* const cancelled = std::get_if<order::ReturnCancelled>(&fact))
        end(cancelled->return_id);
}

/// From the time of the fact on, not from when it is read: a restart delays no parcel.
void CarrierRunner::plan(OrderId order, PlannedAct planned, Instant at) {
    auto const after = Duration::microseconds((planned.at - at).in_microseconds() / options_.hurry);
    parcels_.insert_or_assign(planned.fulfilment_id, Parcel{order, planned.act});
    acts_due_.set(planned.fulfilment_id, at + after);
}

void CarrierRunner::forget(FulfilmentId parcel) {
    acts_due_.clear(parcel);
    parcels_.erase(parcel);
}

Result<void> CarrierRunner::see_parcel(ports::RecordedEvent const& event, OrderId correlated,
                                       Instant at) {
    KONTOR_TRY(auto const& fact, codec::decode<fulfilment::Event>(event.type, event.payload));
    FulfilmentId const id(event.stream.id());
    auto planned = next_act(id, fact, at, seed_);
    if (!planned) {
        forget(id);
        return {};
    }
    bool const is_mishap = std::holds_alternative<MissBuyer>(planned->act) ||
                           std::holds_alternative<BringBack>(planned->act);
    if (is_mishap && options_.luck == Luck::always)
        planned->act = BringToBuyer{};
    plan(order_of(fact, correlated), *std::move(planned), at);
    return {};
}

Result<std::size_t> CarrierRunner::act(std::size_t count_max) {
    std::size_t acts = 0;
    auto const now = clock_.now();
    for (; acts < count_max && waiting_.size() < waiting_max; ++acts) {
        auto const id = acts_due_.take_reached(now);
        if (!id)
            break;
        auto const& parcel = parcels_.at(*id);
        KONTOR_TRY(auto&& work, work_of(*id, parcel, now));
        waiting_.push_back(std::make_unique<ShopRequest>(
            derive_id<CommandId>(*id, "carrier", number_of(parcel.next)), parcel.order_id.value(),
            id->value(), now, carrier_actor, std::move(work)));
        if (std::holds_alternative<TakeIn>(parcel.next))
            waiting_.back()->fingerprint = taking_in;
    }
    return acts;
}

/// As the parcel was packed, and to where it was packed.
Result<Work> CarrierRunner::taken_in(FulfilmentId id, OrderId order, ReturnId under) const {
    KONTOR_TRY(auto const page, store_.read_stream(StreamId::fulfilment(id),
                                                   ports::StreamVersion(1), ports::Limit(1)));
    KONTOR_ASSERT(!page.empty(), "{} comes back and was never packed", id.to_string());
    auto const& first = page.events.front();
    KONTOR_TRY(auto const fact, codec::decode<fulfilment::Event>(first.type, first.payload));
    auto const& packed = std::get<fulfilment::Created>(fact);
    order::ReceiveReturn received{under, {}, true};
    Compound work;
    std::vector<std::pair<Sku, std::int64_t>> units;
    for (auto const& line : packed.lines) {
        received.lines.push_back({line.line, line.quantity, ItemCondition::restock});
        auto const found = std::ranges::find(units, line.sku, &std::pair<Sku, std::int64_t>::first);
        if (found == units.end())
            units.emplace_back(line.sku, line.quantity.value());
        else
            found->second += line.quantity.value();
    }
    for (auto const& [sku, count] : units)
        work.commands.push_back(On<StockItems>{
            {packed.location, sku},
            stock::Restock{order, under, Quantity::of(count), ItemCondition::restock}});
    work.commands.push_back(On<Orders>{order, std::move(received)});
    return Work(std::move(work));
}

Result<Work> CarrierRunner::work_of(FulfilmentId id, Parcel const& parcel, Instant now) const {
    return std::visit(
        overloaded{
            [&](HandOver const& act) -> Result<Work> {
                auto const found = reservations_.find(parcel.order_id);
                auto const reservation =
                    found == reservations_.end() ? ReservationId() : found->second;
                return Work(DispatchParcel{id, reservation, act.carrier, {}});
            },
            [&](BringToBuyer const&) -> Result<Work> {
                return Work(compound(On<Fulfilments>{id, fulfilment::Deliver{now}},
                                     On<Orders>{parcel.order_id, order::Deliver{id}}));
            },
            [&](MissBuyer const& act) -> Result<Work> {
                return Work(Compound{
                    {On<Fulfilments>{id, fulfilment::FailDelivery{act.attempt, act.reason}}}});
            },
            [&](BringBack const& act) -> Result<Work> {
                return Work(Compound{
                    {On<Fulfilments>{id, fulfilment::ReturnToSender{act.attempt, act.reason}}}});
            },
            [&](TakeIn const& act) { return taken_in(id, parcel.order_id, act.return_id); },
        },
        parcel.next);
}

} // namespace kontor::services
