#pragma once

/// DeadLetters: what people do with messages that nobody could handle: look at them where they lie,
/// and give them up for good. (Sending them back: MoveTasks.) Looking is no receiving: nothing is
/// counted, nobody gets a receipt, and whoever has a message keeps it.
///
/// A message is known by its queue and its number there, which never changes and is given once.
///
/// Thread: any; calls may overlap. What an answer says may be shown once its mark is durable.
/// Source: RELIABILITY section 9.

#include "ports/queue.hpp"

namespace kontor::ports {

/// Why a message is a dead letter.
enum class Death : std::uint8_t {
    received_too_often,
    refused, ///< its receiver said that it can never succeed
    parked   ///< one before it in its group had to go
};
BOOST_DESCRIBE_ENUM(Death, received_too_often, refused, parked)

enum class Standing : std::uint8_t { waiting, delayed, in_flight };
BOOST_DESCRIBE_ENUM(Standing, waiting, delayed, in_flight)

/// A message as an onlooker sees it. Its receipt is empty; its count is as it stands.
struct PeekedMessage {
    ReceivedMessage message;
    Standing standing{Standing::waiting};
    std::optional<Instant> until{};   ///< delayed, in flight: when that ends
    std::optional<Death> death{};     ///< absent: no queue gave it up
    std::optional<Instant> died_at{}; ///< likewise
};

/// How much of a message is looked at.
enum class PeekAt : std::uint8_t {
    envelopes, ///< neither body, attributes, sender, ids nor trace: but for the group, in order
    contents
};

struct PeekRequest {
    SequenceNumber after{}; ///< the number of the last one of the page before; 0: from the first
    std::size_t up_to{1};
    PeekAt at{PeekAt::contents};
};

struct Peeked {
    std::vector<PeekedMessage> messages{}; ///< ascending by number
    bool has_more{false};                  ///< behind the last one
    QueueMark mark{};
};

/// What became of a message that somebody gives up.
enum class Discarded : std::uint8_t {
    now,
    before,   ///< it was gone
    in_flight ///< somebody is at work on it: nothing was done
};
BOOST_DESCRIBE_ENUM(Discarded, now, before, in_flight)

struct RetryRequest {
    SequenceNumber message;
    QueueName destination{};           ///< empty: to where it came from
    std::optional<std::string> body{}; ///< what the copy says; absent: the same
};

struct Retried {
    QueueName destination;
    SentMessage sent;
    /// The original's, and how often it was edited: "ord_1~1". Who records effects under the part
    /// before the ~ has none of them twice, whichever of the two he gets.
    std::string deduplication_id;
    QueueMark mark{};
};

class DeadLetters {
public:
    virtual ~DeadLetters() = default;

    /// Looks at what is in a queue, of dead letters or any other.
    /// Shape:    at most `up_to`, fewer where contents are large; at least one, if there is one.
    /// Requires: 1 to queue_entries_max of `up_to`.
    /// Errors:   queue_does_not_exist, unavailable, corrupt.   Retry: safe.
    /// Thread:   any; may block on the disk for contents that are long past.
    virtual Result<Peeked, QueueFault> peek(QueueName const& queue, PeekRequest const& request) = 0;

    /// Drops messages of a dead-letter queue, all that it can in one fact. They count as settled.
    /// Requires: 1 to queue_entries_max numbers.
    /// Errors:   queue_does_not_exist, unsupported_operation (it is nobody's dead-letter queue);
    ///           full, unavailable, broken.   Retry: safe.
    virtual Result<QueueAnswers<Discarded>, QueueFault>
    discard(QueueName const& queue, std::span<SequenceNumber const> messages) = 0;

    /// Sends a copy of a dead letter back, edited or not, and settles the letter: both or neither,
    /// so that a second try finds no letter. In a parked group it waits for the rest, as what is
    /// moved back does.
    /// Errors:   queue_does_not_exist; resource_not_found (no such letter, or nowhere to send it);
    ///           unsupported_operation (nobody's dead-letter queue; somebody is at work on it; the
    ///           destination is of another kind, or has had this copy already); as an entry of
    ///           Queue::send for the copy; full, unavailable, corrupt, broken.
    /// Retry:    safe: what was done is not found again.
    virtual Result<Retried, QueueFault> retry(QueueName const& queue,
                                              RetryRequest const& request) = 0;
};

} // namespace kontor::ports
