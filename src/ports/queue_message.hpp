#pragma once

/// What goes into a queue and what comes out: messages with their attributes, the names and numbers
/// they carry, and the receipt that gives a received one back.

#include "base/inline_text.hpp"
#include "base/instant.hpp"
#include "base/strong.hpp"
#include "domain/values/id128.hpp"
#include "ports/message_attribute.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::ports {

/// 1 to 80 letters, digits, `-`, `_`; a FIFO queue's ends with ".fifo", which counts.
using QueueName = InlineText<80>;

/// Kept by a message that becomes a dead letter, given anew by a move task. Outside it is written
/// as a UUID.
using MessageId = Strong<struct MessageIdTag, Id128>;

/// Rises within a queue, from 1, in the sequence of sending. Shown of FIFO queues, in 20 digits.
using SequenceNumber = Strong<struct SequenceNumberTag, std::uint64_t>;

/// base64url of queue, message, epoch and MAC: whoever holds it received the message that time.
using ReceiptHandle = InlineText<63>;

/// Who sends: what SenderId shows.
using SenderId = InlineText<63>;

/// A message on its way in. An absent text is empty.
struct OutgoingMessage {
    std::string body; ///< UTF-8
    MessageAttributes attributes{};
    std::optional<Duration> delay{}; ///< absent: the queue's; FIFO queues know only their own
    std::string group_id{};          ///< on a standard queue: a tag, served round robin
    std::string deduplication_id{};  ///< FIFO; empty where the queue takes the body for it
    std::string trace_header{};      ///< AWSTraceHeader
    friend bool operator==(OutgoingMessage const&, OutgoingMessage const&) = default;
};

/// What became of a message that was sent. Of a repetition within the deduplication window: the
/// first one's id and number, whatever became of that one.
struct SentMessage {
    MessageId id;
    SequenceNumber sequence;
    bool is_duplicate{false};
    friend bool operator==(SentMessage const&, SentMessage const&) = default;
};

/// A message as a receiver sees it.
/// Units: receive_count counts this time as well, so the first is 1.
struct ReceivedMessage {
    MessageId id;
    ReceiptHandle receipt;
    std::string body;
    MessageAttributes attributes{};
    SenderId sender{};
    Instant sent_at;
    Instant first_received_at;
    std::uint32_t receive_count;
    SequenceNumber sequence;
    std::string group_id{};
    std::string deduplication_id{};
    std::string trace_header{};
    QueueName dead_letter_source{};        ///< the queue that gave it up; empty: none did
    std::uint32_t dead_letter_attempts{0}; ///< so often it was received there
    std::string cause{};                   ///< why it is one, as far as its receiver said
    friend bool operator==(ReceivedMessage const&, ReceivedMessage const&) = default;
};

/// As ids of messages and tasks are shown: a UUID.
std::string uuid_text(Id128 id);
/// Reads what uuid_text wrote; nothing: it is no such text.
std::optional<Id128> id_of_uuid(std::string_view text);

} // namespace kontor::ports
