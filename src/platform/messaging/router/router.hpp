#pragma once

/// Router: follows the log and brings each public fact, and each event from outside, through the
/// rules of the bus and the filters of the topics into queues, exactly once: what is sent and how
/// far the router has come stand in one commit of the log, `process-bus`.
///
///   log → public fact → rules → topics → letters + position → one commit
///
/// Facts of queues and followers are internal, so the router never sees what it wrote itself. A log
/// on which it never ran it follows from its end: news are what happens from now on.
///
/// Invariants: 1. A fact that is durable when it is read is in each queue that it goes to once, or
///                in that target's dead letters, whenever the process ends.
///             2. What is sent is a function of the log, the rules and the subscriptions. While a
///                fact is half sent they may come and go, and the process end: each target that
///                stands all the while gets it once, no target twice.
///             3. Who has nothing to send writes a position in quiet_events_max facts at most.
/// Thread: one at a time, any; the queues' facts are written by the log's writer.
/// Source: MESSAGING section 4, "Embedded"; section 5.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"
#include "platform/messaging/router/course.hpp"
#include "platform/messaging/router/history.hpp"
#include "platform/messaging/router/limits.hpp"
#include "platform/messaging/router/replays.hpp"
#include "platform/messaging/router/sorting_office.hpp"
#include "platform/messaging/router/wiring_facts.hpp"
#include "platform/reach/net_address.hpp"

#include <atomic>
#include <mutex>
#include <vector>

namespace kontor::router {

struct RouterOptions {
    ports::CloudPlace place{};
    std::uint64_t seed{0}; ///< of the dice that give names to envelopes of SNS
    Signing signing{};
    reach::Reach reach{reach::Reach::open_only}; ///< whom topics may be made to call
    std::uint64_t letters_of_commit{letters_of_commit_goal};
    std::uint64_t quiet_events{quiet_events_max};
    std::uint64_t backlog{backlog_max};
};

class Router final : public Agent {
public:
    /// All outlive it; the topology is a sound one.
    Router(ports::EventStore& store, hosting::JournaledQueues& queues, Clock& clock,
           topology::Topology const& topology, RouterOptions options);

    /// Makes the topology's bus and topics, and finds where to go on. Call it once, when the queues
    /// have recovered, before anybody else writes the log.
    /// Errors: unavailable, corrupt, full, broken.
    Result<void> recover();

    std::string_view name() const override { return "bus"; }
    /// Errors: unavailable, corrupt, unsupported (a newer release wrote a fact).
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// For whoever changes rules and subscriptions, or publishes: under its lock, which is taken
    /// before that of the queues.   Thread: any.
    SortingOffice& office() { return office_; }
    bus::Archives& archives() { return archives_; }
    std::mutex& lock() { return mutex_; }
    reach::Reach reach() const { return options_.reach; }
    /// Hands letters to their queues, or what becomes of them to those for dead letters; what is
    /// sent and the facts stand in one commit. The letters are gone then.
    /// What an endpoint outside gets too much of becomes a dead letter.
    /// Requires: the lock.   Errors: full; nothing was sent then, and the letters are there.
    Result<ports::QueueMark, ports::QueueFault> hand_in(std::span<hosting::Companion const> facts,
                                                        std::span<Letter> letters);
    /// What callers made and a newer topology does not take.   Requires: the lock.
    SkippedWiring& skipped() { return skipped_; }

    /// Up to here every fact has had what it asks for.
    ports::Position position() const { return course_.through(); }
    /// Whether it waits until somebody empties a queue.
    bool is_held_up() const { return is_held_up_; }
    Counts counts() {
        std::lock_guard const guard(mutex_);
        return office_.counts();
    }
    /// What callers made and does not stand.
    std::size_t skipped_wiring() {
        std::lock_guard const guard(mutex_);
        return skipped_.size();
    }
    /// Public facts that no event can be made of.
    std::uint64_t refused() const { return refused_; }
    /// Messages that queues took, dead letters among them.
    std::uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }

private:
    /// Errors: as do_work.
    Result<std::size_t> follow(std::size_t facts_max);
    /// Errors: corrupt, unsupported.
    Result<void> take_up(ports::EventPage const& page, ports::RecordedEvent const& event);
    bool send();
    /// False: full, the disk is behind; nothing was sent then.
    bool keep(hosting::Companion const& fact, std::span<Letter> letters);
    bool keep_done(Done const& done, std::span<Letter> letters);
    Replays::Parts parts_of_replays();
    bool meets_a_backlog(std::span<Letter const> letters);
    bool has_backlog(ports::QueueName const& queue, std::uint64_t messages_max);
    void hand_in_one(hosting::SendOne const& send_one, Letter letter);
    static hosting::Companion companion(Done const& done);

    ports::EventStore& store_;
    hosting::JournaledQueues& queues_;
    Clock& clock_;
    topology::Topology const& topology_;
    RouterOptions const options_;
    Stage const stage_;
    std::mutex mutex_;
    SortingOffice office_;  ///< guarded by `mutex_`
    SkippedWiring skipped_; ///< guarded by `mutex_`
    LogHistory history_;
    bus::Archives archives_; ///< guarded by `mutex_`
    Course course_;
    Replays replays_;
    bool is_held_up_{false};
    std::uint64_t refused_{0};
    std::atomic<std::uint64_t> sent_{0};
};

} // namespace kontor::router
