#pragma once

/// QueueKeeper: who keeps the facts of hosted queues, and reads contents back. Without one, queues
/// are gone with the process.   Thread: under the host's lock, but for `read_content`.

#include "domain/queue/events.hpp"
#include "platform/messaging/queues/record.hpp"
#include "ports/batch.hpp"
#include "ports/queue.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kontor::hosting {

/// A content that was kept, and can be read again there.
struct KeptContent {
    Id128 queue;
    std::uint64_t number;
    std::uint64_t position;
};

/// A fact of somebody else's that is true only if what the queues decide with it is: encoded, and
/// kept in their commit. Its stream is always at rest: nobody learns from it what is open.
struct Companion {
    StreamId stream;
    EventType type;
    std::vector<std::uint8_t> payload;
};

class QueueKeeper {
public:
    virtual ~QueueKeeper() = default;

    /// Whether something new may begin. What is under way is taken in any case.
    /// Errors:   full (in words for whoever asked).
    virtual Result<void> may_begin() const = 0;
    /// Whether somebody may receive: that it happened is a fact as well, and may be so without end.
    /// Errors:   full.
    virtual Result<void> may_receive() const = 0;
    /// The facts until the next beginning stand together or not at all.
    virtual void begin(Instant now) = 0;
    /// Right after a beginning: its facts stand in one commit however many they are, and these of
    /// somebody else's with them; `bytes`: about so much comes.
    virtual ports::QueueMark begin_with(std::span<Companion const> companions,
                                        std::size_t bytes) = 0;
    /// The facts until the next beginning go into the open commit of this batch, behind all that
    /// was decided before; whoever has the batch appends it next.
    /// Errors:   what the store says; then nothing has begun.   Thread: the log's writer's.
    virtual Result<void> begin_in(ports::Batch& batch, Instant now) = 0;
    virtual ports::QueueMark record(Id128 queue, queue::Event const& fact) = 0;
    virtual ports::QueueMark durable() = 0;
    /// Reads a content where the log has it.
    /// Errors:   unavailable, corrupt.   Thread: any, may block on the disk.
    virtual Result<queues::Content> read_content(std::uint64_t position) = 0;
};

} // namespace kontor::hosting
