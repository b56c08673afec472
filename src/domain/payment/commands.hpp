#pragma once

/// What may be recorded of one attempt to be paid. The provider is asked first (`permits` says
/// whether it may be), then its outcome is recorded here; only a Refund is decided before the call,
/// because a pending refund counts.

#include "domain/payment/events.hpp"

namespace kontor::payment {

/// How we know: the answer to our call, a webhook, or the provider's own book, looked up by our
/// key. Where outcomes contradict each other, only the book decides.
enum class Source : std::uint8_t { answer = 1, webhook = 2, book = 3 };
BOOST_DESCRIBE_ENUM(Source, answer, webhook, book)

struct RecordAuthorised {
    OrderId order_id;
    std::uint16_t attempt{1};
    Money amount;
    Provider provider;
    ProviderReference reference;
    Instant capture_before;
    Initiator initiator{Initiator::customer};
    Personal<MethodText> method{};
    Source source{Source::answer};
    friend bool operator==(RecordAuthorised const&, RecordAuthorised const&) = default;
};

struct RecordDeclined {
    OrderId order_id;
    std::uint16_t attempt{1};
    ProviderCode code;
    bool may_retry{false};
    Source source{Source::answer};
    friend bool operator==(RecordDeclined const&, RecordDeclined const&) = default;
};

struct RecordActionRequired {
    OrderId order_id;
    Personal<std::string> action_url;
    Instant until;
    friend bool operator==(RecordActionRequired const&, RecordActionRequired const&) = default;
};

struct RecordUnknown {
    OperationKind operation{OperationKind::authorise};
    Id128 operation_id;
    Money amount;
    UnknownCause cause{UnknownCause::timed_out};
    friend bool operator==(RecordUnknown const&, RecordUnknown const&) = default;
};

struct RecordCaptured {
    CaptureId capture_id;
    Money amount;
    bool last{false};
    std::optional<FulfilmentId> fulfilment_id{};
    friend bool operator==(RecordCaptured const&, RecordCaptured const&) = default;
};

struct RecordCaptureFailed {
    CaptureId capture_id;
    ProviderCode code;
    friend bool operator==(RecordCaptureFailed const&, RecordCaptureFailed const&) = default;
};

/// The rest of the authorisation was given up.
struct RecordVoided {
    VoidReason reason{VoidReason::order_closed};
    friend bool operator==(RecordVoided const&, RecordVoided const&) = default;
};

/// With a capture: the provider answered it so, hence that one was not made.
struct RecordAuthorisationExpired {
    std::optional<CaptureId> instead_of{};
    friend bool operator==(RecordAuthorisationExpired const&,
                           RecordAuthorisationExpired const&) = default;
};

/// Decided before the provider is called; in a compound with order::GrantRefund.
struct Refund {
    RefundId refund_id;
    Money amount;
    friend bool operator==(Refund const&, Refund const&) = default;
};

struct RecordRefunded {
    RefundId refund_id;
    Money amount;
    ProviderReference reference;
    Source source{Source::answer};
    friend bool operator==(RecordRefunded const&, RecordRefunded const&) = default;
};

struct RecordRefundFailed {
    RefundId refund_id;
    ProviderCode code;
    friend bool operator==(RecordRefundFailed const&, RecordRefundFailed const&) = default;
};

struct RecordDisputed {
    DisputeId dispute_id;
    Money amount;
    Instant answer_by;
    friend bool operator==(RecordDisputed const&, RecordDisputed const&) = default;
};

struct RecordDisputeClosed {
    DisputeId dispute_id;
    DisputeOutcome outcome{DisputeOutcome::won};
    friend bool operator==(RecordDisputeClosed const&, RecordDisputeClosed const&) = default;
};

using Command =
    std::variant<RecordAuthorised, RecordDeclined, RecordActionRequired, RecordUnknown,
                 RecordCaptured, RecordCaptureFailed, RecordVoided, RecordAuthorisationExpired,
                 Refund, RecordRefunded, RecordRefundFailed, RecordDisputed, RecordDisputeClosed>;

} // namespace kontor::payment
