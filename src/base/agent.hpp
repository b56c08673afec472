#pragma once

/// Agent: background work that does a bounded amount when told to. A runner (`runtime`) gives it a
/// thread, an invoker calls it by hand as a seed says; the same agent runs unchanged under both.

#include "base/result.hpp"

#include <cstddef>
#include <string_view>

namespace kontor {

/// How much an agent may do in one call. Counts items, never time, so that a seed replays it.
struct WorkBudget {
    std::size_t items_max;
};

/// How much it did; zero lets the runner idle.
struct WorkDone {
    std::size_t items;
};

/// Wakes whoever runs an agent that found nothing to do.   Thread: any.
class Bell {
public:
    virtual ~Bell() = default;
    /// Work was brought before this call. Costs little when the agent is awake.
    virtual void ring() = 0;
};

class Agent {
public:
    virtual ~Agent() = default;
    virtual std::string_view name() const = 0;

    /// Errors: a Failure that the agent cannot answer itself; returning it stops the node. Thread:
    /// one at a time.
    virtual Result<WorkDone> do_work(WorkBudget budget) = 0;

    /// Takes the bell that whoever brings work shall ring, before the first call and null after the
    /// last. False: nobody rings, so the agent must be asked again and again.   Thread: the
    /// runner's owner's.
    virtual bool listen(Bell*) { return false; }

    /// Whether everybody waits while this agent does: it sleeps often and works little, and should
    /// go on the moment that it wakes, whoever else wants the processor.
    virtual bool is_awaited() const { return false; }
};

} // namespace kontor
