#pragma once

/// EventStore: the log and its streams. The one place where facts become history.
///
/// The desk is the only writer and decides ahead of the disk: `append` accepts a batch and says at
/// once where it will stand; `durable` says what may be seen. Everything else follows the log and
/// never sees beyond `durable`.
///
/// Invariants: 1. Positions count events, from 1, without a gap, in the sequence of acceptance.
///             2. Versions count the events of one stream, from 1, without a gap.
///             3. A commit stands whole or not at all, its outcome record included.
///             4. What `durable` covered once survives kill, crash and power cut on a disk that
///             honours flush.

#include "ports/batch.hpp"
#include "ports/event_page.hpp"

#include "base/describe.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace kontor::ports {

/// Counts the appends of this process, from 1. Commits without events have no position of their
/// own; they are durable when their append is.
using AppendNumber = Strong<struct AppendNumberTag, std::uint64_t>;

/// What became of one commit of a batch.
struct CommitOutcome {
    bool
        accepted; ///< false: an expected version did not hold, and nothing of this commit was taken
    Position last; ///< of its last event; without events, the last position before it
    friend bool operator==(CommitOutcome const&, CommitOutcome const&) = default;
};

/// Whether a commit was decided on top of an earlier one of its batch that was refused: it expects
/// an exact version of one of that commit's streams. Another writer may have brought the stream to
/// just this version, and yet it is not what was decided upon.
/// Shape: `before` are the outcomes of the commits before it.
bool rests_on_a_refused(Batch const& batch, std::size_t commit,
                        std::span<CommitOutcome const> before);

struct Appended {
    AppendNumber append;
    /// One for each commit, in the batch's sequence. Lives until the next append: the desk answers
    /// without an allocation.
    std::span<CommitOutcome const> outcomes;
};

/// Everything up to here may be seen: answered, followed, shown.
struct Durable {
    AppendNumber append;
    Position position;
    friend bool operator==(Durable const&, Durable const&) = default;
};

/// How much a store can still take. What to refuse at which step is for those who decide.
enum class Room : std::uint8_t {
    ample,
    scarce, ///< somebody should make room
    last,   ///< enough for what finishes something; nothing new should begin
    none    ///< append says `full`
};
BOOST_DESCRIBE_ENUM(Room, ample, scarce, last, none)

/// Commits of the past that are still open, as read_open gives them.
struct OpenPage {
    EventPage page;
    Position up_to; ///< they were chosen by what stood here; the log goes on behind it
};

/// So long the outcome of a command is remembered.   Source: DOMAIN section 9.
inline constexpr Duration outcomes_kept = Duration::days(7);

class EventStore {
public:
    virtual ~EventStore() = default;

    /// Accepts the commits of a batch in sequence. A commit with an expected version that does not
    /// hold is refused alone; those after it are judged on what stands without it, and refused
    /// where they rest on it.
    /// Shape:    one outcome a commit; batches of up to Batch::bytes_max, or one commit alone.
    /// Errors:   full (too much accepted and not yet durable, or too little space: try later),
    ///           invalid (a commit larger than the store can hold), broken; then nothing is taken.
    /// Thread:   one, the desk's.   Retry: after `full`, with the same batch.
    virtual Result<Appended> append(Batch const& batch) = 0;

    /// Never runs back.   Thread: any.
    virtual Durable durable() const = 0;

    /// How much more it can take.   Thread: any.
    virtual Room room() const { return Room::ample; }

    /// Reads at most `limit` events of one stream, oldest first, durable or not: the desk folds
    /// what it has accepted.
    /// Shape:    gap-free, ascending; empty past the end and for a stream that does not exist,
    ///           which is no error.
    /// Units:    `from` counts stream versions, the first is 1; 0 is taken as 1.
    /// Requires: limit > 0.
    /// Errors:   unavailable, corrupt.   Thread: any, may block on the disk.   Retry: safe.
    virtual Result<EventPage> read_stream(StreamId const& stream, StreamVersion from,
                                          Limit limit) = 0;

    /// Reads at most `limit` durable events after a position, in the sequence of the log. A page
    /// ends at a whole commit unless one commit alone exceeds the limit.
    /// Shape:    gap-free, ascending; empty at the end; may be shorter than the limit before it.
    /// Requires: limit > 0.
    /// Errors:   unavailable, corrupt.   Thread: any, may block on the disk.   Retry: safe.
    virtual Result<EventPage> read_log(Position after, Limit limit) = 0;

    /// Reads what a follower must know of the past when it starts: of the log up to some position,
    /// the commits with an event of a stream that was not at rest there (Batch::set_at_rest), each
    /// whole, in the sequence of the log. It then reads the log from `up_to` on.
    /// Shape:    pages as of read_log. `up_to` is 0 for the first one, which says how far they go,
    ///           and this for those behind it. A first page that ends at 0 is no error: the store
    ///           has nothing prepared, and the follower reads the whole log.
    /// Requires: limit > 0.
    /// Errors:   conflict (what went up to there is gone: begin again), unavailable, corrupt.
    /// Thread:   any, may block on the disk.   Retry: safe.
    virtual Result<OpenPage> read_open(Position up_to, Position after, Limit limit) = 0;

    /// The version of a stream's last accepted event; 0: no such stream.
    /// Errors:   unavailable, corrupt.   Thread: the desk's, may block on the disk.   Retry: safe.
    virtual Result<StreamVersion> head(StreamId const& stream) = 0;

    /// The remembered outcome of a command, durable or not; of several the latest. Empty: never
    /// seen, or forgotten by age (`outcomes_kept`).
    /// Errors:   unavailable, corrupt.   Thread: the desk's, may block on the disk.   Retry: safe.
    virtual Result<std::optional<OutcomeRecord>> find_outcome(CommandId command) = 0;
};

} // namespace kontor::ports
