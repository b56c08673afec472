#pragma once

/// Arn: how buses, rules, queues and topics are named where they are spoken of from outside, here
/// as at AWS: arn:aws:sqs:us-east-1:000000000000:analytics.
/// Source: AWS General Reference, "Amazon Resource Names".

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace kontor::ports {

/// Whose things are named. Embedded there is one account in one region.
struct CloudPlace {
    std::string account{"000000000000"};
    std::string region{"us-east-1"};
    friend bool operator==(CloudPlace const&, CloudPlace const&) = default;
};

struct Arn {
    std::string service{}; ///< "sqs", "sns", "events", …
    CloudPlace place{};
    std::string resource{}; ///< all behind the fifth colon

    /// Errors: invalid (not of the form arn:partition:service:region:account:resource, with a
    ///         service and a resource).
    static Result<Arn> parse(std::string_view text);

    std::string to_string() const;

    friend bool operator==(Arn const&, Arn const&) = default;
};

} // namespace kontor::ports
