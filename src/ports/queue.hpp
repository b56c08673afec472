#pragma once

/// Queue: messages that wait for somebody to do something. Whoever receives one has it alone for
/// the time of its visibility; it then settles it, or the message comes again.
///
///   waiting(visible at) → in flight(epoch, until) → settled, or waiting again, dead, expired
///
/// No call waits: for messages, for time, or for the disk. A receive that finds nothing answers so
/// at once, and a `QueueBell` says when to ask again. What was accepted may be told to others once
/// `QueueProgress::durable` covers the mark of its answer, as with EventStore: a caller that
/// answers over a wire keeps its answer until then.
///
/// Invariants: 1. A message that was accepted and became durable is received, until it is settled,
///                dead or expired; after a crash what was in flight is visible again.
///             2. sent = settled + in flight + delayed + waiting + dead + expired + purged, always.
///             3. In a group of a FIFO queue nothing later is handed out while something earlier is
///                in flight, but for what the same receive takes.
///             4. Only the latest receipt of a message settles or extends it.
/// Thread:   any; calls may overlap.
/// Delivery: at least once, FIFO queues too: exactly one effect is the receiver's, by the id.
/// Source:   MESSAGING section 6; Amazon SQS API reference and developer guide.

#include "ports/queue_message.hpp"
#include "ports/queue_refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kontor::ports {

/// Counts what queues have accepted. An answer may be shown once QueueProgress::durable has reached
/// its mark; 0 may always.
using QueueMark = Strong<struct QueueMarkTag, std::uint64_t>;

/// One answer for each entry, in the sequence of the entries.
template <class T>
struct QueueAnswers {
    std::vector<Result<T, QueueRefusal>> entries{};
    QueueMark mark{};
};

struct ReceiveRequest {
    std::size_t up_to{1};
    std::optional<Duration> visibility{}; ///< absent: the queue's
    std::string attempt_id{};             ///< FIFO: ReceiveRequestAttemptId; empty: none
};

struct Received {
    std::vector<ReceivedMessage> messages{};
    QueueMark mark{};
    /// Where nothing came: when something becomes visible by the passing of time alone. Absent: not
    /// before the bell rings.
    std::optional<Instant> ask_again_at{};
};

/// What becomes of a received message.
enum class Ending : std::uint8_t {
    done, ///< it is settled: deleted, in AWS's words
    dead  ///< it can never succeed: to the dead letters at once, whatever its count; a queue
          ///< without refuses with unsupported_operation
};
BOOST_DESCRIBE_ENUM(Ending, done, dead)

struct Settlement {
    ReceiptHandle receipt;
    Ending ending{Ending::done};
    std::string cause{}; ///< of a dead letter: why, in words
};

/// Neither a repetition nor a receipt that is no longer the latest is refused on a standard queue;
/// on a FIFO queue one that expired is: invalid_parameter_value.
enum class Settled : std::uint8_t {
    now,
    before,  ///< it was settled already, or is gone
    not_ours ///< somebody received it after us: nothing was done
};
BOOST_DESCRIBE_ENUM(Settled, now, before, not_ours)

struct Extension {
    ReceiptHandle receipt;
    Duration visibility; ///< from now; 0: visible at once
};

/// Until when the receiver has it now; in the past: it is visible.
struct Extended {
    Instant until;
    friend bool operator==(Extended const&, Extended const&) = default;
};

/// How a queue stands, and all that ever went through it. What came in as a dead letter or by a
/// move task counts as sent; what left by a move task counts as settled.
struct QueueDepth {
    std::uint64_t waiting{0}; ///< visible
    std::uint64_t delayed{0}; ///< not visible yet, by a delay
    std::uint64_t in_flight{0};
    std::uint64_t sent{0};
    std::uint64_t settled{0};
    std::uint64_t dead{0};
    std::uint64_t expired{0};
    std::uint64_t purged{0};
    std::uint64_t receives{0};               ///< messages handed out, repetitions included
    std::optional<Instant> oldest_sent_at{}; ///< of what is still in the queue
    friend bool operator==(QueueDepth const&, QueueDepth const&) = default;
};
/// Invariant 2 of one queue.
bool is_conserved(QueueDepth const& depth);

class Queue {
public:
    virtual ~Queue() = default;

    /// Takes messages in their sequence; each is taken or refused alone.
    /// Requires: 1 to queue_entries_max messages.
    /// Errors:   of an entry: invalid_message_contents, invalid_parameter_value, missing_parameter
    ///           (a FIFO message without a group). Of the call: queue_does_not_exist; full (too
    ///           much is accepted and not yet durable), unavailable, broken; nothing is taken then.
    /// Retry:    on FIFO queues safe within the deduplication window; else it may come twice.
    virtual Result<QueueAnswers<SentMessage>, QueueFault>
    send(QueueName const& queue, SenderId const& sender,
         std::span<OutgoingMessage const> messages) = 0;

    /// Hands out what is visible, each with a new receipt; of a paused queue (QueueAdmin) nothing.
    /// Shape:    at most `up_to`; none is no error.
    /// Requires: 1 to queue_entries_max of `up_to`.
    /// Errors:   queue_does_not_exist, invalid_parameter_value, over_limit (a standard queue with
    ///           too many in flight; a FIFO queue gives nothing), unavailable, corrupt.
    /// Retry:    safe; what a lost answer held comes again, FIFO with the same attempt id at once.
    /// Thread:   any; may block on the disk for bodies that are long past.
    virtual Result<Received, QueueFault> receive(QueueName const& queue,
                                                 ReceiveRequest const& request) = 0;

    /// Ends what was received.
    /// Requires: 1 to queue_entries_max settlements.
    /// Errors:   of an entry: receipt_handle_is_invalid, invalid_parameter_value,
    ///           unsupported_operation. Of the call: as of send.
    /// Retry:    safe.
    virtual Result<QueueAnswers<Settled>, QueueFault>
    settle(QueueName const& queue, std::span<Settlement const> settlements) = 0;

    /// Changes how long a receiver has what it received. It is forgotten at the next receive.
    /// Requires: 1 to queue_entries_max extensions.
    /// Errors:   of an entry: receipt_handle_is_invalid, invalid_parameter_value (beyond 12 hours
    ///           since the receive), message_not_in_flight. Of the call: as of send.
    /// Retry:    safe.
    virtual Result<QueueAnswers<Extended>, QueueFault>
    extend(QueueName const& queue, std::span<Extension const> extensions) = 0;

    /// Exact as of now.
    /// Errors:   queue_does_not_exist.   Retry: safe.
    virtual Result<QueueDepth, QueueFault> depth(QueueName const& queue) = 0;
};

/// How many entries one call may have in process. A wire has its own, smaller limit.
inline constexpr std::size_t queue_entries_max = 1000;

/// Rung when asking again may bring something. It may ring for nothing, rings on whatever thread
/// brought the change, and must only note it and return: no call to a queue from inside.
class QueueBell {
public:
    virtual ~QueueBell() = default;

    /// A queue where a receive found nothing since the last ring may have something, or is gone.
    virtual void ring(QueueName const& queue) = 0;
    /// `durable` has grown past what it was when it was last asked.
    virtual void ring_durable() = 0;
};

class QueueProgress {
public:
    virtual ~QueueProgress() = default;

    /// What may be shown. Never runs back.   Thread: any.
    virtual QueueMark durable() = 0;
    /// From now on the bell is rung, until it is forgotten.   Thread: any.
    virtual void listen(QueueBell& bell) = 0;
    /// It rings no more once this returned.   Thread: any.
    virtual void forget(QueueBell& bell) = 0;
};

} // namespace kontor::ports
