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

class Agent {
public:
    virtual ~Agent() = default;
    virtual std::string_view name() const = 0;

    /// Errors: a Failure that the agent cannot answer itself; returning it stops the node. Thread:
    /// one at a time.
    virtual Result<WorkDone> do_work(WorkBudget budget) = 0;
};

} // namespace kontor
