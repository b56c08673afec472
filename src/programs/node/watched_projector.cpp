#include "programs/node/watched_projector.hpp"

#include <string>

namespace kontor::programs {

Result<WorkDone> WatchedProjector::do_work(WorkBudget budget) {
    auto const at = projector_.folds_from();
    if (!hand_.take(Id128(name_, at.value()))) {
        projector_.halt("the shop ended several times while it folded what follows position " +
                        std::to_string(at.value()) +
                        ": it is quarantined, see kontor quarantine list");
        return WorkDone{0};
    }
    auto done = projector_.do_work(budget);
    hand_.let_go();
    return done;
}

} // namespace kontor::programs
