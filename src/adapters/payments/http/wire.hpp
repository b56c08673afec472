#pragma once

/// Wire: what a shop and a payment provider that answers over HTTP say to each other.
///
///   POST /v1/payments/{payment}/authorise   amount method token initiator
///   POST /v1/payments/{payment}/capture     capture_id amount last
///   POST /v1/payments/{payment}/void
///   POST /v1/payments/{payment}/refund      refund_id amount
///   GET  /v1/payments/{payment}/calls/{key} what became of the call with this key
///
/// Each POST brings its key as Idempotency-Key. The answer is an outcome: an object with one
/// member, named after what happened. A report of the provider's names payment, key and outcome.
/// Unknown fields are skipped: the other side may be newer.   Thread: any.

#include "ports/payment_provider.hpp"

#include <string>
#include <string_view>

namespace kontor::payments {

/// A call as a request. Its key goes in the header Idempotency-Key.
struct WireRequest {
    std::string method{};
    std::string path{};
    std::string body{};
};
WireRequest request_of(ports::ProviderCall const& call);

/// The call that a request stands for. `key` is that of its header; a look into the book has none.
/// Errors: not_found (nothing lies at this path), invalid (key, names or body cannot be read).
Result<ports::ProviderCall> call_in(WireRequest const& request, std::string_view key);

std::string outcome_text(ports::ProviderOutcome const& outcome);
/// Errors: invalid.
Result<ports::ProviderOutcome> outcome_in(std::string_view text);

/// What the provider says by itself; the number of its delivery stays at home.
std::string report_text(ports::ProviderAnswer const& report);
/// Errors: invalid, with the place.
Result<ports::ProviderAnswer> report_in(std::string_view text);

} // namespace kontor::payments
