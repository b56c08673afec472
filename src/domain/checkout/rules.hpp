#pragma once

/// The rules of the order process. Each looks at where the draft stands and sends what is missing,
/// whatever input brought it there: so inputs may repeat, come late and overtake each other.
/// Source: DOMAIN section 8.

#include "domain/checkout/draft.hpp"

namespace kontor::checkout {

/// Everything that follows from the draft's input.
void go_on(Draft& draft);

// Until the order is confirmed (rules_before.cpp).
void reserve_goods(Draft& draft);
void authorise_offer(Draft& draft);
void resolve_payment(Draft& draft);
void confirm(Draft& draft);
/// Asks again for what the phase waits for.
void repeat_phase(Draft& draft);

// Goods of a confirmed order (rules_goods.cpp, rules_edit.cpp).
void go_on_with_goods(Draft& draft);
void go_on_with_edit(Draft& draft);
void go_on_with_returns(Draft& draft);
bool is_left_to_ship(State const& state);

// Money of a confirmed or closed order (rules_money.cpp, rules_calls.cpp).
void go_on_with_money(Draft& draft);
/// An own payment: `use` says what for.
void authorise_own(Draft& draft, PaymentUse use, std::int64_t amount);
std::int64_t captured(State const& state);
/// What the shop has a right to so far and has not got; `missing`: and has not given up.
std::int64_t not_got(State const& state);
std::int64_t missing(State const& state);
/// What the buyer owes for good: what has left, or everything once the first parcel has; and what
/// was asked for ahead.
std::int64_t earned(State const& state);
bool is_money_moving(State const& state);
/// Answers a reached `Deadline::call`, and an outcome that became unknown or was refused.
void go_on_with_calls(Draft& draft);
/// Lifts the deadlines of things that are not waited for any more.
void lift_outdated(Draft& draft);

// The end, either way (rules_closing.cpp).
void take_back(Draft& draft, Step closing, order::RejectReason reason = {});
void unwind(Draft& draft);
void finish_order(Draft& draft);
bool is_closed(State const& state);

} // namespace kontor::checkout
