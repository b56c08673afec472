#include "domain/checkout/state.hpp"

#include "domain/checkout/fold.hpp"
#include "domain/checkout/table.hpp"

#include <algorithm>

namespace kontor::checkout {

State initial() {
    return {};
}

bool is_terminal(State const& state) {
    return state.phase == Phase::done && state.waiting.empty();
}

void apply(State& state, Advanced const& event) {
    note(state, event.input);
    for (auto const& sent : event.commands)
        mark_sent(state, sent);
    if (event.to != state.phase)
        enter(state, event.to);
    for (auto const& due : event.deadlines)
        set_deadline(state.waiting, due);
}

State evolve(State state, Advanced const& event) {
    apply(state, event);
    return state;
}

std::optional<Instant> next_deadline(State const& state) {
    std::optional<Instant> next;
    for (auto const& waiting : state.waiting)
        if (!next || waiting.at < *next)
            next = waiting.at;
    return next;
}

ReservationId reservation_of(State const& state, LineNumber line) {
    auto const goods = std::ranges::find(state.goods, line, &Goods::line);
    bool const is_promised =
        goods != state.goods.end() && goods->reservation < state.reservations.size();
    return is_promised ? state.reservations[goods->reservation].id : ReservationId();
}

ReservationId reservation_id(OrderId order, std::uint32_t attempt) {
    return derive_id<ReservationId>(order, "reservation", attempt);
}
PaymentId payment_id(OrderId order, std::uint32_t attempt) {
    return derive_id<PaymentId>(order, "payment", attempt);
}
FulfilmentId parcel_id(OrderId order, std::uint32_t number) {
    return derive_id<FulfilmentId>(order, "parcel", number);
}

void enter(State& state, Phase phase) {
    state.phase = phase;
    lift_with_phase(state.waiting);
}

void lift_with_phase(WaitingList& waiting) {
    drop_if(waiting, [](Waiting const& each) { return wait_of(each.deadline).ends_with_phase; });
}

void set_deadline(WaitingList& list, Due const& due) {
    auto const subject = due.subject.value_or(Id128{});
    auto const found = std::ranges::find_if(list, [&](Waiting const& waiting) {
        return waiting.deadline == due.deadline && waiting.subject == subject;
    });
    if (!due.at) {
        if (found != list.end())
            list.erase(found);
    } else if (found != list.end()) {
        found->at = *due.at;
    } else {
        Waiting const fresh{due.deadline, subject, *due.at};
        auto const place = std::ranges::find_if(list, [&](Waiting const& waiting) {
            return std::pair(waiting.deadline, waiting.subject) >
                   std::pair(fresh.deadline, fresh.subject);
        });
        list.insert(place, fresh);
    }
}

namespace {

template <class Range, class Id>
auto* with_id(Range& range, Id id) {
    auto const found = std::ranges::find_if(range, [&](auto const& item) { return item.id == id; });
    return found == range.end() ? nullptr : &*found;
}

} // namespace

Payment* find_payment(State& state, Id128 id) {
    return with_id(state.payments, PaymentId(id));
}
Payment* payment_of_attempt(State& state, std::uint32_t attempt) {
    auto const found = std::ranges::find_if(
        state.payments, [&](Payment const& payment) { return payment.attempt == attempt; });
    return found == state.payments.end() ? nullptr : &*found;
}
Reservation* find_reservation(State& state, Id128 id) {
    return with_id(state.reservations, ReservationId(id));
}
Parcel* find_parcel(State& state, Id128 id) {
    return with_id(state.parcels, FulfilmentId(id));
}
Transfer* find_transfer(State& state, Id128 id) {
    return with_id(state.transfers, id);
}
Return* find_return(State& state, Id128 id) {
    return with_id(state.returns, ReturnId(id));
}
Waiting const* find_waiting(WaitingList const& list, Deadline deadline, Id128 subject) {
    auto const found = std::ranges::find_if(list, [&](Waiting const& waiting) {
        return waiting.deadline == deadline && waiting.subject == subject;
    });
    return found == list.end() ? nullptr : &*found;
}
bool has_seen(State const& state, Id128 id) {
    return std::ranges::find(state.seen, id) != state.seen.end();
}

} // namespace kontor::checkout
