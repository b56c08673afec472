#pragma once

/// Attributes of messages on the wire, which SQS and SNS write alike.   Thread: any.

#include "adapters/aws_wire/params.hpp"
#include "ports/message_attribute.hpp"

#include <string_view>

namespace kontor::aws_wire {

/// A map of {"DataType": …, "StringValue" or "BinaryValue": …} by name. Empty when there is none.
/// Errors: InvalidParameterValue (one without a type or value, or whose bytes are no base 64),
///         SerializationException.
Wired<ports::MessageAttributes> read_message_attributes(Params const& params,
                                                        std::string_view member);

} // namespace kontor::aws_wire
