#pragma once

/// Batches of SQS: entries with ids of their own, each done or refused alone.   Thread: any.
/// Source: Amazon SQS API Reference, SendMessageBatch and its like.

#include "adapters/aws_wire/params.hpp"
#include "ports/queue.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::aws_wire {

struct Entry {
    std::string id{};
    Params params;
};

/// The id of an entry, as SQS and SNS spell it alike.
/// Errors: MissingParameter, InvalidBatchEntryId, SerializationException.
Wired<std::string> read_batch_id(Params const& entry);

/// The entries of a batch, whose ids are good and distinct.
/// Errors: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId,
///         BatchEntryIdsNotDistinct, MissingParameter (an id), SerializationException.
Wired<std::vector<Entry>> read_entries(Params const& params);

/// BatchRequestTooLong. Nothing: nobody has counted them.
WireError batch_too_long(std::optional<std::size_t> bytes = {});

/// Successful and Failed, in the sequence in which they were added; empty lists are left out.
class BatchAnswer {
public:
    void add(std::string const& id, Value done); ///< `done` is an object
    void add_failed(std::string const& id, WireError const& error);
    Value take() &&;

private:
    Value successful_{Value::list()};
    Value failed_{Value::list()};
};

} // namespace kontor::aws_wire
