#pragma once

/// Replays: brings what archives hold once more: walks the log, puts each event that a replay asks
/// for before the rules again, and keeps how far it is in the commit of what it sends. So each
/// fact comes once a replay, whenever the process ends.
///
/// Thread: the router's.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/messaging/bus/archives.hpp"
#include "platform/messaging/hosting/keeper.hpp"
#include "platform/messaging/router/course.hpp"
#include "platform/messaging/router/public_facts.hpp"
#include "platform/messaging/router/sorting_office.hpp"
#include "ports/event_store.hpp"

#include <map>
#include <mutex>

namespace kontor::router {

/// The stream of how far a replay has come.
StreamId replay_stream(std::uint64_t number);

class Replays {
public:
    /// Hands letters in, together with a fact; false: not now.
    using Keep = std::function<bool(hosting::Companion const&, std::span<Letter>)>;

    /// All outlive it. Office and archives are under the mutex.
    struct Parts {
        ports::EventStore& store;
        Clock& clock;
        Stage const& stage;
        std::mutex& mutex;
        SortingOffice& office;
        bus::Archives& archives;
        Keep keep;
        std::uint64_t letters_of_commit;
        std::uint64_t quiet_events;
    };

    explicit Replays(Parts parts) : parts_(std::move(parts)) {}

    /// Every replay that runs goes on for at most so many facts of the log.
    /// Errors: unavailable, corrupt, unsupported (a newer release wrote a fact).
    Result<WorkDone> do_work(WorkBudget budget);

private:
    /// Errors: as do_work.
    Result<std::size_t> go_on(bus::Archives::Due const& due, std::size_t facts_max);
    /// What comes of a fact now; nothing: the replay's rate is used up.
    std::optional<std::vector<Letter>> sort(std::string const& replay,
                                            std::optional<bus::BusEvent> event);
    bool keep(bus::Archives::Due const& due, Done const& done, std::span<Letter> letters);

    Parts parts_;
    std::map<std::uint64_t, Course> courses_; ///< of those that run, by number
};

} // namespace kontor::router
