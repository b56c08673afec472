#pragma once

/// What happened to one attempt to be paid. Outcomes are the provider's; we only record them.
/// Field names are the JSON format and their sequence is the binary one: a stored fact changes only
/// by an optional field added at its end.
/// Source: DOMAIN sections 6 and 10.

#include "domain/values/ids.hpp"
#include "domain/values/money.hpp"
#include "domain/values/personal.hpp"

#include "base/describe.hpp"
#include "base/inline_text.hpp"

#include <optional>
#include <string>
#include <variant>

namespace kontor::payment {

/// Who keeps the other book: "sandbox", "stripe", "recorded".
using Provider = InlineText<15>;
/// The provider's own name for what it did.
using ProviderReference = InlineText<63>;
/// The provider's word for a refusal: "insufficient_funds".
using ProviderCode = InlineText<39>;

/// Who started the charge. Stored as its number: only ever added to.
enum class Initiator : std::uint8_t { customer = 1, merchant = 2 };
BOOST_DESCRIBE_ENUM(Initiator, customer, merchant)

/// What a provider is asked to do. Stored as its number: only ever added to.
enum class OperationKind : std::uint8_t { authorise = 1, capture = 2, void_ = 3, refund = 4 };
BOOST_DESCRIBE_ENUM(OperationKind, authorise, capture, void_, refund)

/// Why the outcome is not known. Stored as its number: only ever added to.
enum class UnknownCause : std::uint8_t {
    timed_out = 1,
    connection_lost = 2,
    provider_error = 3,
    unreadable_answer = 4
};
BOOST_DESCRIBE_ENUM(UnknownCause, timed_out, connection_lost, provider_error, unreadable_answer)

/// Why the rest of an authorisation was given up. Stored as its number: only ever added to.
enum class VoidReason : std::uint8_t {
    order_closed = 1,
    rest_unused = 2,
    superseded = 3,
    compensation = 4,
    wrong_amount = 5,
    not_in_providers_book = 6
};
BOOST_DESCRIBE_ENUM(VoidReason, order_closed, rest_unused, superseded, compensation, wrong_amount,
                    not_in_providers_book)

/// How a dispute ended, for us. Stored as its number: only ever added to.
enum class DisputeOutcome : std::uint8_t { won = 1, lost = 2 };
BOOST_DESCRIBE_ENUM(DisputeOutcome, won, lost)

/// The buyer's means of payment as the provider describes it for people: "Visa ending 4242".
using MethodText = std::string;

struct Authorised {
    OrderId order_id;
    std::uint16_t attempt{1};
    Money amount;
    Provider provider;
    ProviderReference reference;
    Instant capture_before;
    Initiator initiator{Initiator::customer};
    Personal<MethodText> method{};
    friend bool operator==(Authorised const&, Authorised const&) = default;
};
BOOST_DESCRIBE_STRUCT(Authorised, (),
                      (order_id, attempt, amount, provider, reference, capture_before, initiator,
                       method))
static_assert(describes_every_field<Authorised>());

struct Declined {
    OrderId order_id;
    std::uint16_t attempt{1};
    ProviderCode code;
    bool may_retry{false};
    friend bool operator==(Declined const&, Declined const&) = default;
};
BOOST_DESCRIBE_STRUCT(Declined, (), (order_id, attempt, code, may_retry))
static_assert(describes_every_field<Declined>());

struct ActionRequired {
    OrderId order_id;
    Personal<std::string> action_url;
    Instant until;
    friend bool operator==(ActionRequired const&, ActionRequired const&) = default;
};
BOOST_DESCRIBE_STRUCT(ActionRequired, (), (order_id, action_url, until))
static_assert(describes_every_field<ActionRequired>());

/// `operation_id` is the capture or refund; for the others it is the payment.
struct OutcomeUnknown {
    OperationKind operation{OperationKind::authorise};
    Id128 operation_id;
    Money amount;
    UnknownCause cause{UnknownCause::timed_out};
    friend bool operator==(OutcomeUnknown const&, OutcomeUnknown const&) = default;
};
BOOST_DESCRIBE_STRUCT(OutcomeUnknown, (), (operation, operation_id, amount, cause))
static_assert(describes_every_field<OutcomeUnknown>());

/// `last`: nothing more will be captured; the provider lets go of the rest.
struct Captured {
    CaptureId capture_id;
    Money amount;
    bool last{false};
    std::optional<FulfilmentId> fulfilment_id{};
    friend bool operator==(Captured const&, Captured const&) = default;
};
BOOST_DESCRIBE_STRUCT(Captured, (), (capture_id, amount, last, fulfilment_id))
static_assert(describes_every_field<Captured>());

struct CaptureFailed {
    CaptureId capture_id;
    ProviderCode code;
    friend bool operator==(CaptureFailed const&, CaptureFailed const&) = default;
};
BOOST_DESCRIBE_STRUCT(CaptureFailed, (), (capture_id, code))
static_assert(describes_every_field<CaptureFailed>());

/// `amount` is the rest that was never captured.
struct Voided {
    Money amount;
    VoidReason reason{VoidReason::order_closed};
    friend bool operator==(Voided const&, Voided const&) = default;
};
BOOST_DESCRIBE_STRUCT(Voided, (), (amount, reason))
static_assert(describes_every_field<Voided>());

/// `amount` is the rest that was never captured.
struct AuthorisationExpired {
    Money amount;
    friend bool operator==(AuthorisationExpired const&, AuthorisationExpired const&) = default;
};
BOOST_DESCRIBE_STRUCT(AuthorisationExpired, (), (amount))
static_assert(describes_every_field<AuthorisationExpired>());

/// Decided before the provider is called: from now on the amount counts.
struct RefundPending {
    RefundId refund_id;
    Money amount;
    friend bool operator==(RefundPending const&, RefundPending const&) = default;
};
BOOST_DESCRIBE_STRUCT(RefundPending, (), (refund_id, amount))
static_assert(describes_every_field<RefundPending>());

struct Refunded {
    RefundId refund_id;
    Money amount;
    ProviderReference reference;
    friend bool operator==(Refunded const&, Refunded const&) = default;
};
BOOST_DESCRIBE_STRUCT(Refunded, (), (refund_id, amount, reference))
static_assert(describes_every_field<Refunded>());

struct RefundFailed {
    RefundId refund_id;
    ProviderCode code;
    friend bool operator==(RefundFailed const&, RefundFailed const&) = default;
};
BOOST_DESCRIBE_STRUCT(RefundFailed, (), (refund_id, code))
static_assert(describes_every_field<RefundFailed>());

struct Disputed {
    DisputeId dispute_id;
    Money amount;
    Instant answer_by;
    friend bool operator==(Disputed const&, Disputed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Disputed, (), (dispute_id, amount, answer_by))
static_assert(describes_every_field<Disputed>());

struct DisputeClosed {
    DisputeId dispute_id;
    DisputeOutcome outcome{DisputeOutcome::won};
    friend bool operator==(DisputeClosed const&, DisputeClosed const&) = default;
};
BOOST_DESCRIBE_STRUCT(DisputeClosed, (), (dispute_id, outcome))
static_assert(describes_every_field<DisputeClosed>());

using Event = std::variant<Authorised, Declined, ActionRequired, OutcomeUnknown, Captured,
                           CaptureFailed, Voided, AuthorisationExpired, RefundPending, Refunded,
                           RefundFailed, Disputed, DisputeClosed>;

} // namespace kontor::payment
