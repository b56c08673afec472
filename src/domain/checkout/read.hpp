#pragma once

/// From a fact to what the process notes of it; nothing where it was seen before or concerns
/// nobody.

#include "domain/checkout/fold.hpp"
#include "domain/checkout/inputs.hpp"

namespace kontor::checkout {

std::optional<Noted> read(State const& state, OrderFact const& input);
std::optional<Noted> read(State const& state, ReservationFact const& input);
std::optional<Noted> read(State const& state, PaymentFact const& input);
std::optional<Noted> read(State const& state, FulfilmentFact const& input);

} // namespace kontor::checkout
