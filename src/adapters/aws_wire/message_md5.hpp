#pragma once

/// The digests by which SQS's clients see that a message came whole.   Thread: any.
/// Source: Amazon SQS Developer Guide, "Calculating the MD5 message digest for message attributes".

#include "ports/message_attribute.hpp"

#include <string>

namespace kontor::aws_wire {

/// Over the attributes sorted by name: each name, type and value behind its length (four bytes,
/// the largest first), with a byte before the value that says 1 for text and 2 for bytes. Of a
/// received message over those that are returned, not all that it has.
std::string md5_of_attributes(ports::MessageAttributes const& attributes);

/// "Binary", "Binary.png": its value is bytes.
bool is_binary(ports::MessageAttribute const& attribute);

} // namespace kontor::aws_wire
