#pragma once

/// What each noted input changes of goods, parcels and returns: the half of the fold that speaks of
/// units. The other half, which speaks of money, stands in note_money.cpp.

#include "domain/checkout/fold.hpp"
#include "domain/checkout/table.hpp"

namespace kontor::checkout {

void note_placed(State& state, Noted const& input);
void note_confirmed(State& state, Noted const& input);
void note_closed(State& state);
void note_lines_cancelled(State& state, Noted const& input);
void note_edited(State& state, Noted const& input);
void note_edit_abandoned(State& state);
void note_shipped(State& state, Noted const& input);
void note_delivered(State& state, Noted const& input);
void note_held(State& state, Noted const& input);
void note_reservation_closed(State& state, Noted const& input);
void note_filled(State& state, Noted const& input);
void note_parcel(State& state, Noted const& input);
void note_return(State& state, Noted const& input);
/// Puts units into a parcel.
void pack(State& state, Parcel& parcel, std::vector<LineQuantity> const& lines);

/// What follows for the money when less is ordered than before.
void lower_due(State& state);
void note_payment(State& state, Noted const& input);
void note_refused(State& state, Noted const& input);
void note_deadline(State& state, Noted const& input);

} // namespace kontor::checkout
