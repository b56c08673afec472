#pragma once

/// QueueRefusal: a queue's no, by its rules. The errors are the closed set that AWS's own service
/// knows, so that what is refused in process and over the wire is refused alike; how they are
/// spelled on either of the two wires stands here and nowhere else.
/// Source: MESSAGING section 6, query codes.

#include "base/describe.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace kontor::ports {

enum class QueueError : std::uint8_t {
    queue_does_not_exist,
    queue_name_exists,       ///< with other attributes
    queue_deleted_recently,  ///< less than a minute ago
    purge_queue_in_progress, ///< purged less than a minute ago
    unsupported_operation,
    message_not_in_flight,
    receipt_handle_is_invalid,
    invalid_message_contents, ///< a character that XML 1.0 does not know
    invalid_attribute_name,
    invalid_attribute_value,
    invalid_parameter_value,
    missing_parameter,
    over_limit, ///< too many messages in flight
    resource_not_found,
    request_throttled,
    access_denied, ///< the topology owns it
    // What only a wire finds wrong with a batch.
    empty_batch_request,
    too_many_entries_in_batch_request,
    batch_entry_ids_not_distinct,
    invalid_batch_entry_id,
    batch_request_too_long
};
BOOST_DESCRIBE_ENUM(QueueError, queue_does_not_exist, queue_name_exists, queue_deleted_recently,
                    purge_queue_in_progress, unsupported_operation, message_not_in_flight,
                    receipt_handle_is_invalid, invalid_message_contents, invalid_attribute_name,
                    invalid_attribute_value, invalid_parameter_value, missing_parameter, over_limit,
                    resource_not_found, request_throttled, access_denied, empty_batch_request,
                    too_many_entries_in_batch_request, batch_entry_ids_not_distinct,
                    invalid_batch_entry_id, batch_request_too_long)

/// `what` is a sentence for a person: what is wrong with what was asked.
struct QueueRefusal {
    QueueError error;
    std::string what;
    friend bool operator==(QueueRefusal const&, QueueRefusal const&) = default;
};

/// Why a whole call did nothing: by the queue's rules, or because the world failed.
using QueueFault = std::variant<QueueRefusal, Failure>;

/// How AWS's service spells an error.
struct QueueErrorNames {
    std::string_view json;  ///< the shape, behind "com.amazonaws.sqs#"
    std::string_view query; ///< the code of the query protocol, and of x-amzn-query-error
    bool is_senders_fault;
};
QueueErrorNames names_of(QueueError error);
/// A failure of the world on a wire: to be tried again, or ours.
QueueErrorNames names_of(FailureKind kind);
QueueErrorNames names_of(QueueFault const& fault);
std::string const& what_of(QueueFault const& fault);

} // namespace kontor::ports
