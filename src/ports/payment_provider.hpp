#pragma once

/// PaymentProvider: the world that holds the buyers' money. It is slow and may not answer, so the
/// port has two steps: `start` sends calls, `collect` brings what came back, in the sequence of its
/// arrival: answers to calls, and what the provider reports unasked (webhooks). `receipt` says
/// which reports need not come again.
///
/// Invariants: 1. One effect for each key: a call with a key that the provider has seen gives the
///                outcome of that key again and moves no money twice.
///             2. Every started call is answered once at least: after `provider_timeout` without a
///                definite answer with `Unknown`, which never means that nothing happened.
///             3. A declined card, a failed refund are answers of the business, no Failure.
///             4. What the provider's book says counts, where answers contradict each other: `find`
///                reads the book.
///             5. A webhook comes again until it is receipted, to whoever collects then: who took
///                it and died before it was durable has lost nothing. The first time after
///                `webhook_again_after`, then ever more seldom, and not later than
///                `webhook_again_max` after the time before.

#include "base/result.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/lines.hpp"
#include "domain/values/money.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace kontor::ports {

/// How long a call may take before its outcome is unknown.
inline constexpr Duration provider_timeout = Duration::seconds(10);

/// How soon a webhook without a receipt comes again, at first and at most.
inline constexpr Duration webhook_again_after = Duration::minutes(1);
inline constexpr Duration webhook_again_max = Duration::hours(1);

/// Calls that wait for their answer. At the limit `start` refuses with `full`.
inline constexpr std::size_t provider_calls_max = 16'384;

enum class PaymentOperation : std::uint8_t { authorise = 1, capture = 2, void_ = 3, refund = 4 };
BOOST_DESCRIBE_ENUM(PaymentOperation, authorise, capture, void_, refund)

/// What makes a call repeatable: the same payment, operation and operation id give the same key,
/// however often it is tried. The operation id is the capture's or the refund's; nil where a
/// payment has but one: authorise, void.
/// Source: DOMAIN section 9, which says no try count: a retry is the same call.
using ProviderKey = Strong<struct ProviderKeyTag, Id128>;
ProviderKey provider_key(PaymentId payment, PaymentOperation operation, Id128 operation_id = {});

/// Who starts a payment: the buyer at the till, or the shop later, with what the buyer agreed to.
enum class PaymentInitiator : std::uint8_t { buyer = 1, merchant = 2 };
BOOST_DESCRIBE_ENUM(PaymentInitiator, buyer, merchant)

/// Asks for `amount` to be held. The token stands for a card; a card number never comes here.
struct AuthoriseCall {
    Money amount;
    PaymentMethod method;
    std::string token;
    PaymentInitiator initiator{PaymentInitiator::buyer};
};

/// Takes `amount` of what is held. The last capture releases the rest.
struct CaptureCall {
    CaptureId capture_id;
    Money amount;
    bool last{false};
};

/// Releases what is held and not captured.
struct VoidCall {};

struct RefundCall {
    RefundId refund_id;
    Money amount;
};

/// Reads in the provider's book what became of the call with the key `sought`.
struct FindCall {
    ProviderKey sought;
};

struct ProviderCall {
    ProviderKey key; ///< of the call; a find has a key of its own choice, it changes nothing
    PaymentId payment_id;
    std::variant<AuthoriseCall, CaptureCall, VoidCall, RefundCall, FindCall> call;
};

/// `amount` is what the provider holds: compare it with what was asked.
struct MoneyAuthorised {
    Money amount;
    std::string reference; ///< the provider's name of the payment
    Instant capture_before;
};
struct CardDeclined {
    std::string code;
    bool may_retry; ///< the same card may succeed later
};
/// The buyer has to do something, until then; what came of it is reported unasked.
struct BuyerMustAct {
    std::string action_url;
    Instant until;
};
struct MoneyCaptured {
    CaptureId capture_id;
    Money amount;
    bool last;
};
struct CaptureRefused {
    CaptureId capture_id;
    std::string code;
};
struct AuthorisationVoided {
    Money amount;
};
/// The authorisation's time is over: nothing is held any more. Answers a late capture or void, too.
struct AuthorisationLapsed {
    Money amount;
};
struct RefundStarted {
    RefundId refund_id;
    Money amount;
};
struct MoneyRefunded {
    RefundId refund_id;
    Money amount;
    std::string reference;
};
struct RefundRefused {
    RefundId refund_id;
    std::string code;
};
struct DisputeOpened {
    DisputeId dispute_id;
    Money amount;
    Instant answer_by;
};
enum class DisputeEnd : std::uint8_t { won = 1, lost = 2 };
struct DisputeEnded {
    DisputeId dispute_id;
    DisputeEnd end;
};
/// The book holds nothing under the sought key: the call had no effect, and may be made again.
struct NothingFound {};

enum class UnknownCause : std::uint8_t { timed_out = 1, server_error = 2, connection_reset = 3 };
BOOST_DESCRIBE_ENUM(UnknownCause, timed_out, server_error, connection_reset)
/// No definite answer: find out, or call again with the same key.
struct Unknown {
    UnknownCause cause;
};

using ProviderOutcome =
    std::variant<MoneyAuthorised, CardDeclined, BuyerMustAct, MoneyCaptured, CaptureRefused,
                 AuthorisationVoided, AuthorisationLapsed, RefundStarted, MoneyRefunded,
                 RefundRefused, DisputeOpened, DisputeEnded, NothingFound, Unknown>;

enum class OutcomeSource : std::uint8_t { answer, webhook };

/// Shape: for an answer, `key` is that of the call; for a find, the call's own, not the sought one.
/// A webhook names the key of the call it speaks of, nil where none of ours caused it, and the
/// number to receipt it by, the same each time it comes; 0: it is an answer.
struct ProviderAnswer {
    ProviderKey key;
    PaymentId payment_id;
    OutcomeSource source;
    ProviderOutcome outcome;
    std::uint64_t delivery{0};
};

class PaymentProvider {
public:
    virtual ~PaymentProvider() = default;

    /// Sends calls; their answers come from `collect`. All are taken or none.
    /// Errors: full (provider_calls_max would be passed: nothing was sent), unavailable.
    /// Retry:  safe, with the same keys.
    /// Thread: one.
    virtual Result<void> start(std::span<ProviderCall const> calls) = 0;

    /// Appends what came back to `answers`, at most `up_to`, and says how many; none is no error.
    /// Delivery: answers and webhooks may repeat, come late, and overtake each other.
    /// Errors: unavailable.
    /// Thread: the one that starts.
    virtual Result<std::size_t> collect(std::size_t up_to,
                                        std::vector<ProviderAnswer>& answers) = 0;

    /// What these webhooks said is durable, or concerns nobody: they come no more. A number that
    /// was receipted before changes nothing.
    /// Errors: unavailable.   Retry: safe.   Thread: the one that collects.
    virtual Result<void> receipt(std::span<std::uint64_t const> deliveries) = 0;
};

} // namespace kontor::ports
