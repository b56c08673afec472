#pragma once

/// WireError: a no as AWS's services say it, and how each of the two protocols spells it.
/// Thread: any.
/// Source: MESSAGING section 7; botocore's parsers; Amazon SQS, SNS, EventBridge API References.

#include "services/gateway/seams/exchange.hpp"

#include <string>
#include <string_view>

namespace kontor::aws_wire {

enum class Protocol : unsigned char {
    json, ///< X-Amz-Target names the operation
    query ///< Action names it, the answer is XML
};

enum class Service : unsigned char { sqs, sns, events, sts };

/// "sqs", as a credential's scope names it.
std::string_view name_of(Service service);

struct WireError {
    std::string code{};       ///< of JSON: "QueueDoesNotExist"
    std::string query_code{}; ///< of the query protocol; empty: as `code`
    std::string says{};       ///< a sentence for a person
    std::uint16_t status{400};
    bool is_senders_fault{true};
};

/// A WireError on its way into a Result.
inline WireError wire_error(std::string_view code, std::string says) {
    return {std::string(code), {}, std::move(says)};
}

/// How a service is spoken to.
struct Dialect {
    Service service{Service::sqs};
    Protocol protocol{Protocol::json};
    std::string_view json_version{"1.0"};

    friend bool operator==(Dialect const&, Dialect const&) = default;
};

/// The answer to a request that was refused.
services::Reply error_reply(WireError const& error, Dialect dialect, std::string_view request_id);

} // namespace kontor::aws_wire
