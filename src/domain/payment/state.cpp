#include "domain/payment/state.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::payment {

namespace {

Granted& granted_in(State& state) {
    auto* const granted = std::get_if<Granted>(&state);
    KONTOR_ASSERT(granted != nullptr, "nothing is authorised");
    return *granted;
}

template <class List, class Id>
auto* find_by_id(List& list, Id const& id) {
    auto const found = std::ranges::find(list, id, [](auto const& each) { return each.id; });
    return found == list.end() ? nullptr : &*found;
}

void resolve(Granted& granted, OperationKind operation, Id128 id) {
    if (!granted.unknowns.empty())
        std::erase_if(granted.unknowns, [&](Unknown const& unknown) {
            return unknown.operation == operation && unknown.operation_id == id;
        });
}

void check_sums(Granted const& granted) {
    KONTOR_ASSERT(granted.captured <= granted.amount, "{} captured of {}",
                  granted.captured.to_string(), granted.amount.to_string());
    KONTOR_ASSERT(granted.refunded + granted.pending <= granted.captured,
                  "{} refunded and {} pending of {}", granted.refunded.to_string(),
                  granted.pending.to_string(), granted.captured.to_string());
}

RefundState& refund_in(Granted& granted, RefundId id) {
    auto* const refund = find_by_id(granted.refunds, id);
    KONTOR_ASSERT(refund != nullptr, "nobody asked for {}", id.to_string());
    return *refund;
}

void close_rest(Granted& granted, Standing standing, Money rest) {
    KONTOR_ASSERT(granted.standing == Standing::open && granted.rest() == rest,
                  "{} is given up of {}", rest.to_string(), granted.rest().to_string());
    granted.standing = standing;
    std::erase_if(granted.unknowns,
                  [](Unknown const& unknown) { return unknown.operation == OperationKind::void_; });
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const& state) {
    auto const* const granted = std::get_if<Granted>(&state);
    return granted != nullptr && granted->standing != Standing::open && granted->captured.is_zero();
}

State evolve([[maybe_unused]] State state, Authorised const& event) {
    KONTOR_ASSERT(!std::holds_alternative<Granted>(state), "authorised twice");
    auto const zero = Money::zero(event.amount.currency());
    return Granted{.amount = event.amount,
                   .captured = zero,
                   .refunded = zero,
                   .pending = zero,
                   .lost = zero,
                   .capture_before = event.capture_before};
}

State evolve([[maybe_unused]] State state, Declined const& event) {
    KONTOR_ASSERT(!std::holds_alternative<Granted>(state), "what is authorised is not declined");
    return Refused{event.may_retry};
}

State evolve([[maybe_unused]] State state, ActionRequired const& event) {
    KONTOR_ASSERT(!std::holds_alternative<Granted>(state) &&
                      !std::holds_alternative<Refused>(state),
                  "the buyer has nothing to do any more");
    return AwaitingBuyer{event.until};
}

State evolve(State state, OutcomeUnknown const& event) {
    if (event.operation == OperationKind::authorise)
        return Unresolved{event.amount};
    granted_in(state).unknowns.push_back({event.operation, event.operation_id, event.amount});
    return state;
}

State evolve(State state, Captured const& event) {
    auto& granted = granted_in(state);
    KONTOR_ASSERT(granted.standing == Standing::open, "captured after the end");
    auto* const tried = find_by_id(granted.captures, event.capture_id);
    KONTOR_ASSERT(tried == nullptr || !tried->captured, "captured twice");
    if (tried != nullptr)
        *tried = {event.capture_id, event.amount, true};
    else
        granted.captures.push_back({event.capture_id, event.amount, true});
    granted.captured += event.amount;
    if (event.last || granted.captured == granted.amount)
        granted.standing = Standing::done;
    resolve(granted, OperationKind::capture, event.capture_id.value());
    check_sums(granted);
    return state;
}

State evolve(State state, CaptureFailed const& event) {
    auto& granted = granted_in(state);
    if (find_by_id(granted.captures, event.capture_id) == nullptr)
        granted.captures.push_back({event.capture_id, Money::zero(granted.amount.currency())});
    resolve(granted, OperationKind::capture, event.capture_id.value());
    return state;
}

State evolve(State state, Voided const& event) {
    close_rest(granted_in(state), Standing::voided, event.amount);
    return state;
}

State evolve(State state, AuthorisationExpired const& event) {
    close_rest(granted_in(state), Standing::expired, event.amount);
    return state;
}

State evolve(State state, RefundPending const& event) {
    auto& granted = granted_in(state);
    KONTOR_ASSERT(find_by_id(granted.refunds, event.refund_id) == nullptr, "refunded twice");
    granted.refunds.push_back({event.refund_id, event.amount});
    granted.pending += event.amount;
    check_sums(granted);
    return state;
}

State evolve(State state, Refunded const& event) {
    auto& granted = granted_in(state);
    auto& refund = refund_in(granted, event.refund_id);
    KONTOR_ASSERT(refund.standing != RefundStanding::settled, "refunded twice");
    if (refund.standing == RefundStanding::pending)
        granted.pending -= refund.amount;
    refund.standing = RefundStanding::settled;
    granted.refunded += refund.amount;
    resolve(granted, OperationKind::refund, event.refund_id.value());
    check_sums(granted);
    return state;
}

State evolve(State state, RefundFailed const& event) {
    auto& granted = granted_in(state);
    auto& refund = refund_in(granted, event.refund_id);
    KONTOR_ASSERT(refund.standing == RefundStanding::pending, "only a pending refund fails");
    refund.standing = RefundStanding::failed;
    granted.pending -= refund.amount;
    resolve(granted, OperationKind::refund, event.refund_id.value());
    return state;
}

State evolve(State state, Disputed const& event) {
    granted_in(state).disputes.push_back({event.dispute_id, event.amount});
    return state;
}

State evolve(State state, DisputeClosed const& event) {
    auto& granted = granted_in(state);
    auto* const dispute = find_by_id(granted.disputes, event.dispute_id);
    KONTOR_ASSERT(dispute != nullptr && !dispute->outcome, "no such open dispute");
    dispute->outcome = event.outcome;
    if (event.outcome == DisputeOutcome::lost)
        granted.lost += dispute->amount;
    return state;
}

Capture const* find_capture(Granted const& granted, CaptureId id) {
    return find_by_id(granted.captures, id);
}

RefundState const* find_refund(Granted const& granted, RefundId id) {
    return find_by_id(granted.refunds, id);
}

Dispute const* find_dispute(Granted const& granted, DisputeId id) {
    return find_by_id(granted.disputes, id);
}

Unknown const* find_unknown(Granted const& granted, OperationKind operation, Id128 id) {
    auto const found = std::ranges::find_if(granted.unknowns, [&](Unknown const& unknown) {
        return unknown.operation == operation && unknown.operation_id == id;
    });
    return found == granted.unknowns.end() ? nullptr : &*found;
}

bool has_open_dispute(Granted const& granted) {
    return std::ranges::any_of(granted.disputes,
                               [](Dispute const& dispute) { return !dispute.outcome; });
}

Money possibly_captured(Granted const& granted, Id128 except) {
    auto sum = Money::zero(granted.amount.currency());
    for (auto const& unknown : granted.unknowns)
        if (unknown.operation == OperationKind::capture && unknown.operation_id != except)
            sum += unknown.amount;
    return sum;
}

Money disputable(Granted const& granted) {
    auto left = granted.captured;
    for (auto const& dispute : granted.disputes)
        if (dispute.outcome != DisputeOutcome::won)
            left -= dispute.amount;
    return left;
}

Money refundable(Granted const& granted) {
    auto const left = granted.captured - granted.refunded - granted.pending - granted.lost;
    return left.is_negative() ? Money::zero(left.currency()) : left;
}

} // namespace kontor::payment
