#pragma once

/// The order process decides: for each input the one fact that records the step, and the commands
/// that leave with it. It cannot refuse a fact; what it has seen before, or what concerns no rule,
/// gives nothing. Pure: the context's `now` is the only time it knows.
/// Requires: imported orders never come here; whoever runs the process leaves them out.
/// Source: DOMAIN section 8.

#include "domain/checkout/inputs.hpp"
#include "domain/checkout/outputs.hpp"
#include "domain/checkout/state.hpp"

#include "domain/values/context.hpp"

namespace kontor::checkout {

Outputs decide(State const& state, OrderFact const& input, Context const& context);
Outputs decide(State const& state, ReservationFact const& input, Context const& context);
Outputs decide(State const& state, PaymentFact const& input, Context const& context);
Outputs decide(State const& state, FulfilmentFact const& input, Context const& context);
Outputs decide(State const& state, RiskFlagged const& input, Context const& context);
Outputs decide(State const& state, EditAsked const& input, Context const& context);
Outputs decide(State const& state, DeadlineReached const& input, Context const& context);
Outputs decide(State const& state, Refused const& input, Context const& context);
Outputs decide(State const& state, CarriedOut const& input, Context const& context);

/// Whether the answer to a step that was sent is still open: its fact or its refusal. Empty for
/// steps that are sent and not waited for.
std::optional<bool> awaits_answer(State const& state, Step step, Id128 subject);

} // namespace kontor::checkout
