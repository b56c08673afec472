#pragma once

/// Archives: views of the log, and replays of them. An archive keeps nothing of its own: what it
/// holds is what of the log is on its bus, meets its pattern, is newer than its retention, and was
/// no replay. A replay walks the log once and says what is to be put again.
///
/// Invariants: 1. What a replay brings is never in an archive, so no replay brings it twice.
///             2. A replay ends where the log ended when it began.
///             3. It brings replay_events_a_second at most, on the clock that it is stepped with.
///
/// Thread: one.   Source: MESSAGING section 4, "Archive" and "Replay".

#include "platform/messaging/bus/accept.hpp"
#include "platform/routing/matching.hpp"
#include "ports/event_archive.hpp"
#include "topology/topology.hpp"

#include <deque>
#include <memory>

namespace kontor::bus {

template <class T>
using Answer = Result<T, ports::MessagingRefusal>;

/// The log as archives see it: events in their sequence, counted from 0.
class EventHistory {
public:
    virtual ~EventHistory() = default;
    virtual std::size_t size() const = 0;
    /// Requires: position < size().
    virtual BusEvent const& at(std::size_t position) const = 0;
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

    /// Events that are to be put again now, each with the name of its replay.
    std::vector<BusEvent> step(Instant now);
    /// Whether some replay is not at its end.
    bool is_busy() const;

    /// As ports::EventArchives.
    /// Errors: as there.
    Answer<ports::ArchiveDescription> create(ports::ArchiveDescription const& wanted, Instant now);
    /// Errors: as ports::EventArchives.
    Answer<ports::ArchiveDescription> describe(std::string_view archive, Instant now) const;
    /// Errors: as ports::EventArchives.
    Answer<ports::ArchiveDescription> update(ports::ArchiveChange const& change, Instant now);
    /// Errors: as ports::EventArchives.
    Answer<void> remove(std::string_view archive);
    /// Errors: as ports::EventArchives.
    Answer<ports::Page<ports::ArchiveDescription>> list(std::string_view bus_arn,
                                                        ports::PageWish const& page,
                                                        Instant now) const;

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
        std::size_t since{0};                           ///< position in the log
        std::shared_ptr<routing::Matcher const> wants{}; ///< nothing: all
        bool is_of_topology{false};
    };
    struct Replay {
        ports::ReplayDescription description{};
        std::string archive{};
        std::size_t next{0}; ///< position in the log
        std::size_t end{0};
        Instant stepped{};
        std::int64_t allowance{0}; ///< in millionths of an event
        std::uint64_t number{0};   ///< of all replays
    };

    Answer<Archive*> find(std::string_view archive);
    Answer<Replay*> find_replay(std::string_view replay);
    bool holds(Archive const& archive, BusEvent const& event, Instant now) const;
    ports::ArchiveDescription counted(Archive const& archive, Instant now) const;
    void step_one(Replay& replay, Instant now, std::vector<BusEvent>& into);
    void walk(Replay& replay, Archive const& archive, Instant now, std::vector<BusEvent>& into);
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
