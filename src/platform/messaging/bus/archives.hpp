#pragma once

/// Archives: views of the log, and replays of them. An archive keeps nothing of its own: what it
/// holds is what of the log is on its bus, meets its pattern, is newer than its retention, and was
/// no replay. A replay walks the log once and says what is to be put again: whoever holds it asks
/// which ones are due, walks on, asks of each event whether it comes again, and says how far he is.
///
/// Invariants: 1. What a replay brings is never in an archive, so no replay brings it twice.
///             2. A replay ends where the log ended when it began.
///             3. It brings replay_events_a_second at most, on the clock that it is asked with.
///             4. What an archive holds is counted once; how far, `describe` does not say: of a
///                long log a call looks at archive_looks_of_call_max, and the next one goes on.
///
/// Thread: one.   Source: MESSAGING section 4, "Archive" and "Replay".

#include "platform/messaging/bus/accept.hpp"
#include "platform/routing/single_pattern.hpp"
#include "ports/event_archive.hpp"
#include "topology/topology.hpp"

#include <deque>
#include <memory>

namespace kontor::bus {

template <class T>
using Answer = Result<T, ports::MessagingRefusal>;

/// The log as archives see it: places in their sequence, counted from 0, with an event or without.
class EventHistory {
public:
    /// Whether it goes on.
    using Visit = std::function<bool(std::size_t place, BusEvent const& event)>;

    virtual ~EventHistory() = default;
    virtual std::size_t size() const = 0;
    /// Shows the events from a place on, at most so many places; returns where it has come to,
    /// which is the place at which `visit` stopped it. Less where the log cannot be read now.
    virtual std::size_t visit(std::size_t from, std::size_t places_max,
                              Visit const& visit) const = 0;
};

/// What archives must know of buses.
struct BusNames {
    std::function<bool(std::string_view)> has_bus{};
    std::function<bool(std::string_view)> has_rule_arn{};
};

class Archives {
public:
    /// Requires: the log stays.
    Archives(CloudPlace place, EventHistory const& log, BusNames names);

    /// Makes the topology's archive, and owns it from then on.   Requires: its bus is there, once.
    void adopt(topology::Topology const& topology, Instant now);

    /// A replay that goes on.
    struct Due {
        std::string name{};
        std::size_t next{0}; ///< place in the log
        std::size_t end{0};
        std::uint64_t number{0};
        /// How far the event at `next` was brought, as whoever walks wrote it down; empty: not yet.
        std::string after{};
    };
    /// Those that go on now; one that was cancelled ends here.
    std::vector<Due> due(Instant now);
    enum class Wish : std::uint8_t { no, later, yes };
    /// Whether a replay that goes on brings an event again now; `later`: its rate is used up.
    Wish asks_for(std::string_view replay, BusEvent const& event, Instant now) const;
    /// The event as it is put again, which its rate is charged for.
    BusEvent again(std::string_view replay, BusEvent event);
    /// All places before this one have had what the replay asks for; at its end it is complete.
    void moved(std::string_view replay, std::size_t next, std::string after, Instant now);
    /// The time of the last event that it brought.
    std::optional<Instant> reached(std::string_view replay) const;
    void set_reached(std::string_view replay, Instant at);

    /// Events that are to be put again now, each with the name of its replay.
    std::vector<BusEvent> step(Instant now);
    /// Whether some replay is not at its end.
    bool is_busy() const;

    /// Where an archive begins, and a replay with its end; for whoever makes them stand again.
    /// Requires: it stands.
    std::size_t since(std::string_view archive) const;
    Due walk_of(std::string_view replay) const;
    void set_since(std::string_view archive, std::size_t place);
    void set_walk(Due const& walk);
    CloudPlace const& place() const { return place_; }
    bool has_archive(std::string_view archive) const { return find(archive).has_value(); }

    /// As ports::EventArchives.
    /// Errors: as there.
    Answer<ports::ArchiveDescription> create(ports::ArchiveDescription const& wanted, Instant now);
    /// Errors: as ports::EventArchives.
    Answer<ports::ArchiveDescription> describe(std::string_view archive, Instant now) const;
    /// Errors: as ports::EventArchives.
    Answer<ports::ArchiveDescription> update(ports::ArchiveChange const& change);
    /// Errors: as ports::EventArchives.
    Answer<std::string> bus_arn_of(std::string_view archive) const;
    /// Errors: as ports::EventArchives.
    Answer<void> remove(std::string_view archive, Instant now);
    /// Errors: as ports::EventArchives.
    Answer<ports::Page<ports::ArchiveDescription>>
    list(std::string_view bus_arn, ports::PageWish const& page, Instant now) const;

    /// As ports::EventReplays.
    /// Errors: as there.
    Answer<ports::ReplayDescription> start(ports::ReplayDescription const& wanted, Instant now);
    /// Errors: as ports::EventReplays.
    Answer<ports::ReplayDescription> describe_replay(std::string_view replay) const;
    /// Errors: as ports::EventReplays.
    Answer<ports::ReplayDescription> cancel(std::string_view replay, Instant now);
    /// Errors: as ports::EventReplays.
    Answer<ports::Page<ports::ReplayDescription>> list_replays(std::string_view archive_arn,
                                                               ports::PageWish const& page) const;

private:
    struct Archive {
        ports::ArchiveDescription description{};
        std::string bus{};
        std::size_t since{0};                            ///< place in the log
        std::shared_ptr<routing::SinglePattern> wants{}; ///< nothing: all
        bool is_of_topology{false};
        /// What it holds up to a place, by the hour in which it came: remembered from one call to
        /// the next.
        struct Counted {
            std::uint64_t events{0};
            std::uint64_t bytes{0};
        };
        mutable std::map<std::int64_t, Counted> counted{};
        mutable std::size_t counted_to{0};
    };
    struct Replay {
        ports::ReplayDescription description{};
        std::string archive{};
        std::shared_ptr<routing::SinglePattern> wants{}; ///< nothing: all that the archive holds
        std::size_t next{0};                             ///< place in the log
        std::size_t end{0};
        std::string after{};
        Instant stepped{};
        Instant cancelled{};
        std::int64_t allowance{0}; ///< in millionths of an event
        std::uint64_t number{0};   ///< of all replays
    };

    Answer<Archive*> find(std::string_view archive);
    Answer<Archive const*> find(std::string_view archive) const;
    Answer<Replay*> find_replay(std::string_view replay);
    Answer<Replay const*> find_replay(std::string_view replay) const;
    Replay& replay_at(std::string_view replay);
    Replay const& replay_at(std::string_view replay) const;
    static bool wants(Archive const& archive, BusEvent const& event);
    void count_on(Archive const& archive) const;
    ports::ArchiveDescription counted(Archive const& archive, Instant now) const;
    void finish(Replay& replay, ports::ReplayState state, Instant now);
    void forget_old_replays();

    CloudPlace place_;
    EventHistory const& log_;
    BusNames names_;
    std::map<std::string, Archive> archives_;
    std::map<std::string, Replay> replays_;
    std::uint64_t last_replay_{0};
};

} // namespace kontor::bus
