#pragma once

/// The parts of the fold, shared by `evolve` and `advance`: deciding applies to the state what
/// evolving will apply, so the two cannot drift apart. Mechanical: no rules, no refusal; what
/// refers to nothing changes nothing.

#include "domain/checkout/state.hpp"

#include <algorithm>

namespace kontor::checkout {

void note(State& state, Noted const& input);
void mark_sent(State& state, Sent const& sent);
/// Goes to another phase; waits that end with the old one are lifted.
void enter(State& state, Phase phase);
void lift_with_phase(WaitingList& waiting);
/// Sets a deadline, or lifts it when `due` names no instant.
void set_deadline(WaitingList& waiting, Due const& due);

Payment* find_payment(State& state, Id128 id);
Payment* payment_of_attempt(State& state, std::uint32_t attempt);
Reservation* find_reservation(State& state, Id128 id);
Parcel* find_parcel(State& state, Id128 id);
Transfer* find_transfer(State& state, Id128 id);
Return* find_return(State& state, Id128 id);
Waiting const* find_waiting(WaitingList const& waiting, Deadline deadline, Id128 subject = {});
template <class Range, class Predicate>
void drop_if(Range& range, Predicate predicate) {
    range.erase(std::remove_if(range.begin(), range.end(), predicate), range.end());
}
bool has_seen(State const& state, Id128 id);

} // namespace kontor::checkout
