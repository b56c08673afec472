#pragma once

/// Fold: one projection on its way through the log, with or without a store behind it. With one,
/// rows and position are written together, many events at a time; what was not written yet is lost
/// with the process and folded again.
///
/// Thread: one.
/// Invariants: 1. Rows of the store = the fold of the log up to the position in its checkpoint.

#include "platform/projections/projection.hpp"

#include "ports/event_store.hpp"
#include "ports/read_models.hpp"

namespace kontor::projections {

/// When rows are written.
enum class Write : std::uint8_t {
    when_full, ///< enough events have come
    at_the_end ///< or no more are there
};

class Fold {
public:
    /// In memory: all rows stay at hand.
    explicit Fold(std::unique_ptr<Projection> projection);
    /// Before a store, from where its checkpoint stands.
    Fold(std::unique_ptr<Projection> projection, std::unique_ptr<ports::ReadModel> model,
         ports::Checkpoint from);
    Fold(Fold const&) = delete; // tables know where their backing stands
    Fold& operator=(Fold const&) = delete;

    /// Folds the next events of the log, none beyond `until`. Answers how many it folded.
    /// Errors: those of the log and the store; corrupt (a fact or row that cannot be read). After
    /// an error everything since the last checkpoint is to be folded again.
    Result<std::size_t> follow(ports::EventStore& log, ports::Limit limit, ports::Position until,
                               Write write = Write::at_the_end);

    /// Writes what was folded, if anything was.   Errors: those of the store.
    Result<void> commit();

    /// Whether the last error came from the store of the rows and not from the log.
    bool is_store_to_blame() const { return is_store_to_blame_; }

    ports::Position position() const { return position_; }
    /// As the store has it; without a store, never moved.
    ports::Checkpoint const& checkpoint() const { return checkpoint_; }
    Projection& projection() { return *projection_; }
    ports::ReadModel* model() { return model_.get(); }
    /// Gives the store back; the fold is over.
    std::unique_ptr<ports::ReadModel> release();

    /// What the rows of a fold in memory add up to.
    ports::RowDigest digest_in_memory();

private:
    /// Back to the checkpoint: rows at hand are not trusted any more.
    void fall_back();
    Result<std::size_t> project(ports::EventPage const& page, ports::Position until);

    std::unique_ptr<Projection> projection_;
    std::unique_ptr<ports::ReadModel> model_;
    Backing backing_;
    ports::Checkpoint checkpoint_;
    ports::Position position_;
    std::size_t uncommitted_{0};
    bool is_store_to_blame_{false};
    Collected collected_;
};

} // namespace kontor::projections
