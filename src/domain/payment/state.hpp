#pragma once

/// What the facts of one attempt to be paid add up to.
///
/// Invariants: 1. amount >= captured >= refunded >= 0, all in one currency; captured - refunded -
///             pending >= 0: a pending refund counts.
///             2. What may have been captured counts against the authorisation: no answer is not a
///             no.
/// Source: DOMAIN sections 6 and 12 (I2).

#include "domain/payment/events.hpp"

#include <vector>

namespace kontor::payment {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

/// The buyer must act at the provider's page.
struct AwaitingBuyer {
    Instant until;
    friend bool operator==(AwaitingBuyer, AwaitingBuyer) = default;
};

/// Money may be held or not; the provider's book will tell.
struct Unresolved {
    Money amount;
    friend bool operator==(Unresolved const&, Unresolved const&) = default;
};

struct Refused {
    bool may_retry{false};
    friend bool operator==(Refused, Refused) = default;
};

/// What became of an authorisation.
enum class Standing : std::uint8_t {
    open,    ///< the rest may be captured
    done,    ///< all that ever will be is captured
    voided,  ///< the rest was given up
    expired, ///< the rest was let go by the provider
};

struct Capture {
    CaptureId id;
    Money amount;
    bool captured{false}; ///< else it failed, and may be tried again
    friend bool operator==(Capture const&, Capture const&) = default;
};

enum class RefundStanding : std::uint8_t { pending, settled, failed };

struct RefundState {
    RefundId id;
    Money amount;
    RefundStanding standing{RefundStanding::pending};
    friend bool operator==(RefundState const&, RefundState const&) = default;
};

struct Dispute {
    DisputeId id;
    Money amount;
    std::optional<DisputeOutcome> outcome{};
    friend bool operator==(Dispute const&, Dispute const&) = default;
};

/// A call whose outcome is not known yet.
struct Unknown {
    OperationKind operation{OperationKind::capture};
    Id128 operation_id;
    Money amount;
    friend bool operator==(Unknown const&, Unknown const&) = default;
};

struct Granted {
    Standing standing{Standing::open};
    Money amount;
    Money captured;
    Money refunded;
    Money pending; ///< refunds that are on their way
    Money lost;    ///< disputes that were lost
    Instant capture_before{};
    std::vector<Capture> captures{};
    std::vector<RefundState> refunds{};
    std::vector<Dispute> disputes{};
    std::vector<Unknown> unknowns{};

    /// What may still be captured, if no call is on its way.
    Money rest() const {
        return standing == Standing::open ? amount - captured : Money::zero(amount.currency());
    }
    friend bool operator==(Granted const&, Granted const&) = default;
};

using State = std::variant<Nothing, AwaitingBuyer, Unresolved, Refused, Granted>;

State initial();
/// Nothing was captured and nothing can be any more. Money that was captured may always be refunded
/// or disputed.
bool is_terminal(State const& state);

State evolve(State state, Authorised const& event);
State evolve(State state, Declined const& event);
State evolve(State state, ActionRequired const& event);
State evolve(State state, OutcomeUnknown const& event);
State evolve(State state, Captured const& event);
State evolve(State state, CaptureFailed const& event);
State evolve(State state, Voided const& event);
State evolve(State state, AuthorisationExpired const& event);
State evolve(State state, RefundPending const& event);
State evolve(State state, Refunded const& event);
State evolve(State state, RefundFailed const& event);
State evolve(State state, Disputed const& event);
State evolve(State state, DisputeClosed const& event);

Capture const* find_capture(Granted const& granted, CaptureId id);
RefundState const* find_refund(Granted const& granted, RefundId id);
Dispute const* find_dispute(Granted const& granted, DisputeId id);
Unknown const* find_unknown(Granted const& granted, OperationKind operation, Id128 id);
bool has_open_dispute(Granted const& granted);

/// Captures whose outcome is unknown, but for `except`: money that may be gone.
Money possibly_captured(Granted const& granted, Id128 except = {});
/// What may still be disputed: captured, less what is disputed or lost.
Money disputable(Granted const& granted);

/// What may still be refunded: captured, less what is refunded, pending or lost; never negative.
Money refundable(Granted const& granted);

} // namespace kontor::payment
