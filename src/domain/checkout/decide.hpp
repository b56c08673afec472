#pragma once

/// The order process decides: for each input the one fact that records the step, and the commands
/// that leave with it. It cannot refuse a fact; what it has seen before, or what concerns no rule,
/// gives nothing. Pure: the context's `now` is the only time it knows. `advance` takes the state
/// along, because it is too large to be copied for each step: afterwards it is what folding the
/// fact gives.
/// Requires: imported orders never come here; whoever runs the process leaves them out.
/// Source: DOMAIN section 8.

#include "domain/checkout/inputs.hpp"
#include "domain/checkout/outputs.hpp"
#include "domain/checkout/state.hpp"

#include "domain/values/context.hpp"

namespace kontor::checkout {

Outputs advance(State& state, OrderFact const& input, Context const& context);
Outputs advance(State& state, ReservationFact const& input, Context const& context);
Outputs advance(State& state, PaymentFact const& input, Context const& context);
Outputs advance(State& state, FulfilmentFact const& input, Context const& context);
Outputs advance(State& state, RiskFlagged const& input, Context const& context);
Outputs advance(State& state, EditAsked const& input, Context const& context);
Outputs advance(State& state, MoneyAsked const& input, Context const& context);
Outputs advance(State& state, DeadlineReached const& input, Context const& context);
Outputs advance(State& state, Refused const& input, Context const& context);
Outputs advance(State& state, CarriedOut const& input, Context const& context);

/// The same from a state that stays as it is.
template <class Input>
Outputs decide(State state, Input const& input, Context const& context) {
    return advance(state, input, context);
}

/// Whether the payment is one of this order's.
bool knows_payment(State const& state, PaymentId payment);
/// What of a payment may be captured ahead of the goods: held, in no capture that is under way, and
/// no more than the order comes to.
Money capturable(State const& state, PaymentId payment);
/// Whether a capture or void of it is under way.
bool is_calling(State const& state, PaymentId payment);
/// Whether a call for it waits to be made again.
bool waits_for_call(State const& state, PaymentId payment);

/// Whether the answer to a step that was sent is still open: its fact or its refusal. Empty for
/// steps that are sent and not waited for.
std::optional<bool> awaits_answer(State const& state, Step step, Id128 subject);

} // namespace kontor::checkout
