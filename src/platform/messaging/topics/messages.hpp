#pragma once

/// What a message may be, before a topic takes it.
/// Source: MESSAGING section 5, "Message"; Amazon SNS API Reference, "Publish".

#include "ports/topic.hpp"

#include <optional>

namespace kontor::topics {

/// Of which kind of topic, and how large.
struct MessageBounds {
    std::size_t bytes_max{};
    bool is_fifo{false};
    bool deduplicates_by_content{false};
};

/// Of a topic, as its name and its attributes say.
MessageBounds bounds_of(std::string_view topic_arn, ports::NamedTexts const& attributes);

/// Why a message cannot be taken; nothing: it can.
std::optional<ports::PublishRefusal> message_fault(ports::TopicMessage const& message,
                                                   MessageBounds const& bounds);

/// The bytes of its body and attributes.
std::size_t message_size(ports::TopicMessage const& message);

/// The text for a protocol: of a message by protocol its own or the default one.
/// Requires: a message that was accepted.
std::string text_for(ports::TopicMessage const& message, std::string_view protocol);

} // namespace kontor::topics
