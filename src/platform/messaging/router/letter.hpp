#pragma once

/// Letter: a message on its way into a queue of this house, and what it comes from.

#include "platform/messaging/bus/delivery.hpp"
#include "platform/messaging/topics/board.hpp"
#include "ports/queue_message.hpp"

#include <variant>

namespace kontor::router {

struct Letter {
    ports::QueueName queue{};
    ports::SenderId sender{};
    ports::OutgoingMessage message{};
    /// For its dead letter, if the queue does not take it. A dead letter has nothing.
    std::variant<std::monostate, bus::Delivery, topics::Parcel> origin{};
};

} // namespace kontor::router
