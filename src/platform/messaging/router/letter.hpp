#pragma once

/// Letter: a message on its way into a queue of this house, and what it comes from.

#include "platform/messaging/bus/delivery.hpp"
#include "platform/messaging/topics/board.hpp"
#include "ports/positions.hpp"
#include "ports/queue_message.hpp"

#include <variant>

namespace kontor::router {

struct Letter {
    ports::QueueName queue{};
    ports::SenderId sender{};
    ports::OutgoingMessage message{};
    /// For its dead letter, if the queue does not take it. A dead letter has nothing.
    std::variant<std::monostate, bus::Delivery, topics::Parcel> origin{};
    /// What it came through: rules with their targets, and a subscription, by the names that they
    /// keep over restarts and releases. No two letters of one fact came the same way.
    std::string way{};
    ports::Position fact{};   ///< that brought it; 0: none of the log
    bool leaves_house{false}; ///< its queue is that of an endpoint outside (web_queues.hpp)
};

} // namespace kontor::router
