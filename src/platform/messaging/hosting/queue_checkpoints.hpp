#pragma once

/// QueueCheckpoints: how queues stood at a position of the log, kept in one file, so that a start
/// folds what came behind it and not all that queues ever did. Derived from the log alone: one that
/// is missing, damaged, of another log or of another release is as good as none, and the start
/// folds everything.
///
/// As an agent it makes the next one: it takes the one before, folds what came since into queues of
/// its own, and keeps how these stand. Nobody waits for it, and it holds no lock of anybody's.
///
/// Thread: `restore` before the agent runs; then one.
/// Invariants: 1. What is kept is what the durable log says at its position, and nothing else.
///             2. A checkpoint takes the place of the one before when it is whole.

#include "platform/messaging/hosting/limits.hpp"
#include "platform/messaging/queues/queues.hpp"

#include "base/agent.hpp"
#include "ports/event_store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace kontor::hosting {

class HostedQueues;

class QueueCheckpoints final : public Agent {
public:
    /// Where the bytes lie: `load` gives none where there are none, `save` replaces them.
    struct Keep {
        std::function<std::vector<std::uint8_t>()> load;
        std::function<Result<void>(std::span<std::uint8_t const>)> save;
    };

    /// The store outlives it. `lineage` is that of its log. A checkpoint is due when at least
    /// `after` events came since the last.
    QueueCheckpoints(ports::EventStore& store, Id128 lineage, Keep keep,
                     std::uint64_t after = checkpoint_after);
    ~QueueCheckpoints() override;

    /// Lets queues of which nothing was folded yet stand as the checkpoint says; returns where in
    /// the log they go on from: its beginning, if there is none that fits.
    /// Errors:   unavailable, corrupt (the log).
    Result<ports::Position> restore(HostedQueues& host);
    /// There was one that did not fit.
    bool was_refused() const { return was_refused_; }

    std::string_view name() const override { return "queue-marks"; }
    /// Errors:   unavailable, corrupt (the log); full (more stands in queues than one may hold);
    ///           what `save` says. Whoever runs it goes on without.
    Result<WorkDone> do_work(WorkBudget budget) override;
    /// Makes one of all that is durable.   Errors: as do_work.
    Result<void> complete();
    /// The position of the last one; 0: none.
    ports::Position position() const { return ports::Position(up_to_); }

private:
    struct Making;
    /// Errors:   unavailable, corrupt (the log); `restore` says corrupt for bytes that do not fit.
    template <class Restore>
    Result<ports::Position> restore_by(Restore const& restore);
    /// Whether this log has the commit that the checkpoint ends with.
    /// Errors:   unavailable, corrupt.
    Result<bool> is_of_this_log(std::uint64_t position, Id128 command);
    Result<void> begin(std::uint64_t until);
    Result<std::size_t> fold_on(std::size_t events_max);
    Result<void> keep_it();

    ports::EventStore& store_;
    Id128 const lineage_;
    Keep const keep_;
    std::uint64_t const after_;
    std::uint64_t up_to_{0};
    std::uint64_t messages_{0}; ///< that stood at the last one
    bool was_refused_{false};
    std::unique_ptr<Making> making_; ///< null: none is due
};

} // namespace kontor::hosting
