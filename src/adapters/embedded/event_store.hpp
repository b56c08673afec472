#pragma once

/// embedded::EventStore: the log in a directory of its own, durable by itself: the default store.
/// Opening it recovers the journal; `writer()` and `upkeep()` are agents that a program gives a
/// thread each and the simulator calls by hand. Nothing becomes durable unless the writer works.
///
/// Thread: as the port says; `writer()` on its own, `upkeep()` on another or not at all.
/// Invariants: 1. One process has a directory; a second one is refused.
///             2. After a failed write or sync nothing is accepted or acknowledged any more.

#include "adapters/embedded/journal/compaction.hpp"
#include "adapters/embedded/journal/copy.hpp"
#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/scrubbed.hpp"
#include "adapters/embedded/journal/segment.hpp"
#include "ports/disk.hpp"
#include "ports/event_store.hpp"

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "base/faults.hpp"

#include <functional>

namespace kontor::embedded {

/// A new lineage, from the machine's entropy.
Id128 draw_lineage();

struct StoreOptions {
    journal::Limits limits{};
    /// The names of stored event types, written into each segment for whoever reads it without us.
    std::vector<journal::EventTypeName> event_types{};
    /// The lineage of a new journal; nil: drawn from the machine's entropy.
    Id128 lineage{};
    /// Whether a journal may be begun where there is none.
    bool may_begin{true};
    /// Hears of each frame that has become durable, on the writer's thread.
    std::function<void(Duration took, std::uint64_t bytes)> on_written{};
};

/// A frame that the last crash tore, cut at this start.
struct CutFrame {
    ports::Position position;
    std::string place;
    std::uint64_t bytes;
    std::string kept_as;
};

/// What opening a store found.
struct OpenReport {
    bool is_new{false};
    bool was_closed{false}; ///< the last program stopped cleanly
    std::optional<CutFrame> cut{};
    std::size_t indexes_rebuilt{0};
    std::size_t checkpoints_refused{0}; ///< that did not check, or are of another history
    /// Files beside the log that did not check, each with its name and why: they are made anew.
    std::vector<std::string> made_anew{};
    ports::Position last{};
    Id128 lineage{};
    Instant last_written_at{}; ///< a shop clock never goes behind it
    std::size_t segments{0};
};

class EventStore final : public ports::EventStore {
public:
    /// The disk, the clock and the faults outlive the store.
    /// Errors:   corrupt (damage, with position and place), unsupported (written by a newer
    ///           program), not_found (none there and not to begin), unavailable (also: another
    ///           process has it open; its id is named), broken.
    static Result<std::unique_ptr<EventStore>> open(ports::Disk& disk, Clock& clock, Faults& faults,
                                                    StoreOptions options);
    ~EventStore() override;

    Agent& writer();
    Agent& upkeep();
    OpenReport const& report() const;
    /// Bytes of filters and fences that sealed segments keep in memory.
    std::size_t resident_index_bytes() const;
    /// Files that wait to become segments.
    std::size_t spare_segments() const;
    /// How many of these filters a search asks that finds nothing.
    std::size_t filters_asked() const;

    /// What upkeep has found by reading sealed segments again.   Thread: any.
    journal::Scrubbed scrubbed() const;

    /// Squeezes and compresses all segments but the open one, whatever their age.
    /// Errors:   corrupt, full, unavailable, broken.   Requires: upkeep has stopped.
    Result<journal::Compacted> compact(journal::OnSegment const& on_segment);

    /// Begins a copy of the log as it stands; the store goes on, and outlives it.
    /// Errors:   conflict (there is a journal already), unavailable.   Thread: any.
    Result<journal::LiveCopy> begin_copy(ports::Disk& to);

    /// Makes all that is accepted durable and says that the store was closed in order.
    /// Errors:   broken.   Requires: no more appends; the writer agent has stopped.
    Result<void> close();

    Result<ports::Appended> append(ports::Batch const& batch) override;
    ports::Durable durable() const override;
    /// As upkeep saw the disk last.
    ports::Room room() const override;
    Result<ports::EventPage> read_stream(StreamId const& stream, ports::StreamVersion from,
                                         ports::Limit limit) override;
    Result<ports::EventPage> read_log(ports::Position after, ports::Limit limit) override;
    /// Up to the newest checkpoint, which upkeep makes.
    Result<ports::OpenPage> read_open(ports::Position up_to, ports::Position after,
                                      ports::Limit limit) override;
    Result<ports::StreamVersion> head(StreamId const& stream) override;
    Result<std::optional<ports::OutcomeRecord>> find_outcome(CommandId command) override;

private:
    struct Parts;
    explicit EventStore(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

} // namespace kontor::embedded
