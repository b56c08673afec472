#pragma once

/// Limits of the AWS wires: what one request may hold, and how many wait. Each has an answer at the
/// limit, named beside it.
/// Source: MESSAGING section 7; Amazon SQS Developer Guide, "Quotas".

#include "base/instant.hpp"

#include <cstddef>

namespace kontor::aws_wire {

/// A mebibyte of text, form-encoded, is three. Refused before it is read, in the words of whatever
/// service it is for: BatchRequestTooLong, InvalidParameterValue, InvalidParameter,
/// ValidationException.
inline constexpr std::size_t request_bytes_max = 4 << 20;

/// Fields of a form. Ten messages with ten attributes each are 600.
inline constexpr std::size_t form_fields_max = 2048; ///< refused: MalformedInput
/// Dots in the name of a field: `PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.key`
/// has six.
inline constexpr std::size_t form_depth_max = 10; ///< refused: MalformedInput
/// Brackets inside each other in a JSON body; ours have six.
inline constexpr std::size_t json_depth_max = 32; ///< refused: SerializationException

/// Entries of a batch. Refused: TooManyEntriesInBatchRequest.
inline constexpr std::size_t batch_entries_max = 10;
/// Bodies and attributes of a batch together. Refused: BatchRequestTooLong.
inline constexpr std::size_t batch_bytes_max = 1 << 20;
inline constexpr std::size_t batch_id_size_max = 80;  ///< refused: InvalidBatchEntryId
inline constexpr std::size_t list_results_max = 1000; ///< of a page; refused

/// Calls of EventBridge and SNS that are done at once: all wait for the same sync of the disk.
inline constexpr std::size_t lane_workers = 8;
inline constexpr std::size_t lane_max = 1024;    ///< calls that wait for a lane; refused: throttled
inline constexpr std::size_t waiting_max = 4096; ///< receives that wait; answered at once instead
inline constexpr Duration wait_max = Duration::seconds(20); ///< refused: InvalidParameterValue

} // namespace kontor::aws_wire
