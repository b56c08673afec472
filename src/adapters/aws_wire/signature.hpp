#pragma once

/// Signature version 4, verified: who signed a request, and whether what came is what was signed.
/// The canonical request is rebuilt from the bytes that came, so a changed byte of method, path,
/// query, a signed header or the body changes the signature. Pure functions; time and secrets are
/// arguments.   Thread: any.
/// Source: AWS, "Signature Version 4 signing process"; MESSAGING section 7.
///
/// Invariants: 1. `host`, `x-amz-date` and, where it says what is to be done, `x-amz-target` must
///                be signed (the last is our choice: an unsigned one could be swapped on the way).
///             2. The hash of the body is our own; what a header says of it counts for nothing.
///             3. Signatures are compared in constant time.

#include "base/instant.hpp"
#include "services/gateway/seams/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::aws_wire {

/// Why a request is not taken for what it says it is.
enum class AuthFault : unsigned char {
    token_missing,    ///< nobody signed it
    presigned,        ///< signed in its query, which this endpoint refuses
    incomplete,       ///< a part of the signature is missing or malformed
    payload_unhashed, ///< the body was left out of the signature, or comes in signed pieces
    key_unknown,
    expired,        ///< older than `age_max`
    in_the_future,  ///< further ahead than `age_max`
    scope_wrong,    ///< of another day than its date, or for a service that is not here
    does_not_match, ///< something was changed, or the secret is another
    not_permitted   ///< the key may not do this
};

struct AuthRefusal {
    AuthFault fault;
    std::string says; ///< a sentence for a person
};

/// What an Authorization header claims. Views into the request.
struct Claim {
    std::string_view key_id{};
    std::string_view day{}; ///< 20261126
    std::string_view region{};
    std::string_view service{};
    std::string_view scope{}; ///< day/region/service/aws4_request
    std::vector<std::string_view> signed_headers{};
    std::string_view signature{}; ///< 64 hexadecimal digits
    std::string_view date{};      ///< of x-amz-date
    Instant at{};
};

/// How far a request's date may lie from ours, either way.
inline constexpr Duration age_max = Duration::minutes(5);

/// Reads what is claimed and holds it against what needs no secret: its form, what must be signed,
/// and the time.
/// Errors: an AuthRefusal, never of does_not_match, key_unknown or not_permitted. Which services
///         are here it does not know.
Result<Claim, AuthRefusal> read_claim(services::Request const& request, Instant now);

/// The text whose hash is signed.
std::string canonical_request(services::Request const& request, Claim const& claim);

/// What the owner of `secret` would have signed this request with, in hexadecimal digits.
std::string expected_signature(services::Request const& request, Claim const& claim,
                               std::string_view secret);

/// Errors: does_not_match.
Result<void, AuthRefusal> verify(services::Request const& request, Claim const& claim,
                                 std::string_view secret);

} // namespace kontor::aws_wire
