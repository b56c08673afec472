#pragma once

/// RedrivePolicy: where a subscription's dead letters go.   Source: MESSAGING section 5.

#include "ports/messaging_words.hpp"

#include <string>
#include <string_view>

namespace kontor::topics {

/// Whether an ARN names a queue that callers may send to.
bool is_queue(std::string_view arn);

/// The ARN of the queue that a policy names; empty: none.
/// Errors: invalid, with AWS's "Invalid parameter: RedrivePolicy: …".
Result<std::string, ports::MessagingRefusal> dead_letters_in(std::string_view policy);

} // namespace kontor::topics
