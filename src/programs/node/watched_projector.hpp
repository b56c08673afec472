#pragma once

/// WatchedProjector: a read model whose projector names in the blackbox where in the log it folds.
/// A place at which the process ended several times is not folded any more: the model is paused,
/// its rows stay as they are, and the shop goes on selling.   Thread: the followers'.

#include "platform/projections/projector.hpp"
#include "ports/hand.hpp"

namespace kontor::programs {

class WatchedProjector final : public Agent {
public:
    /// Both outlive it.
    WatchedProjector(projections::Projector& projector, ports::Hand& hand)
        : projector_(projector), hand_(hand), name_(Id128::derive({}, projector.name()).low()) {}

    std::string_view name() const override { return projector_.name(); }
    /// Errors: what the projector says.
    Result<WorkDone> do_work(WorkBudget budget) override;

private:
    projections::Projector& projector_;
    ports::Hand& hand_;
    std::uint64_t const name_; ///< of the model, in what it names
};

} // namespace kontor::programs
