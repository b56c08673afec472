#pragma once

/// Messages of SQS on the wire: what a sender gives, and what a receiver asked to see.
/// Thread: any.   Source: Amazon SQS API Reference, SendMessage, ReceiveMessage.

#include "adapters/aws_wire/params.hpp"
#include "adapters/aws_wire/queue_names.hpp"
#include "ports/queue.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::aws_wire {

/// A message of SendMessage, or of an entry of its batch.
/// Errors: MissingParameter (no body), InvalidParameterValue (an attribute without a type or
///         value, or whose bytes are no base 64), SerializationException.
Wired<ports::OutgoingMessage> read_message(Params const& params);

/// So large a message counts: its body and its attributes with names and types.
std::size_t size_of(ports::OutgoingMessage const& message);

/// What SendMessage answers. `is_fifo`: with a sequence number.
Value sent_value(ports::OutgoingMessage const& message, ports::SentMessage const& sent,
                 bool is_fifo);

/// Which attributes of its messages a receiver wants to see.
struct WantedAttributes {
    std::vector<std::string> system{};  ///< names, or `All`
    std::vector<std::string> message{}; ///< names, `All`, `.*`, or a beginning with `.*` or `*`
    friend bool operator==(WantedAttributes const&, WantedAttributes const&) = default;
};

/// Errors: InvalidAttributeName (a system attribute that there is not), SerializationException.
Wired<WantedAttributes> read_wanted(Params const& params);

/// Those that are wanted of a message's attributes.
ports::MessageAttributes wanted_of(ports::MessageAttributes const& attributes,
                                   std::vector<std::string> const& names);

Value received_value(ports::ReceivedMessage const& message, WantedAttributes const& wanted,
                     ports::CloudPlace const& place);

} // namespace kontor::aws_wire
