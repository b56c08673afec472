#include "adapters/embedded/journal/upkeep.hpp"

#include <fmt/core.h>

namespace kontor::journal {

Result<WorkDone> Upkeep::do_work(WorkBudget budget) {
    std::size_t done = 0;
    watch_space();
    while (done < budget.items_max) {
        KONTOR_TRY(bool const indexed, index_one());
        bool prepared = false;
        if (!indexed && !state_.is_space_low.load(std::memory_order_relaxed)) {
            KONTOR_TRY(prepared, prepare_spare());
        }
        if (!indexed && !prepared)
            break;
        ++done;
    }
    return WorkDone{done};
}

void Upkeep::watch_space() {
    auto const disk = state_.disk.state();
    if (!disk)
        return;
    std::lock_guard const lock(state_.mutex);
    bool const is_low = state_.spares.empty() && disk->bytes_free < state_.limits.free_bytes_min +
                                                                        state_.limits.segment_bytes;
    state_.is_space_low.store(is_low, std::memory_order_relaxed);
}

Result<bool> Upkeep::index_one() {
    std::lock_guard const one(indexing_);
    Chain start;
    {
        std::lock_guard const lock(state_.mutex);
        if (state_.unindexed.empty())
            return false;
        start = state_.unindexed.front();
    }
    KONTOR_TRY(auto index, SegmentIndex::build(state_.disk, start));
    state_.faults.reached(index_built);
    std::lock_guard const lock(state_.mutex);
    auto const expected = state_.unindexed.size() > 1 ? state_.unindexed[1] : state_.open_chain;
    if (!(index->next_chain() == expected))
        return unexpected(Failure{
            FailureKind::corrupt,
            fmt::format("the frame at position {} does not check", index->facts().next_position),
            fmt::format("{}, offset {}", segment_name(index->facts().generation),
                        index->facts().end)});
    auto list = *state_.sealed;
    list.push_back(std::move(index));
    state_.sealed = std::make_shared<SealedList const>(std::move(list));
    state_.unindexed.erase(state_.unindexed.begin());
    state_.trim();
    return true;
}

Result<bool> Upkeep::prepare_spare() {
    std::lock_guard const one(preparing_);
    std::string name;
    {
        std::lock_guard const lock(state_.mutex);
        if (state_.spares.size() >= state_.limits.spares)
            return false;
        name = spare_name(++state_.spares_made);
    }
    KONTOR_TRY(prepare_file(state_.disk, name, state_.limits.segment_bytes));
    std::lock_guard const lock(state_.mutex);
    state_.spares.push_back(std::move(name));
    return true;
}

Result<std::string> Upkeep::take_spare() {
    std::string name;
    {
        std::lock_guard const lock(state_.mutex);
        if (!state_.spares.empty()) {
            name = std::move(state_.spares.front());
            state_.spares.erase(state_.spares.begin());
            return name;
        }
        name = spare_name(++state_.spares_made);
    }
    std::lock_guard const one(preparing_);
    KONTOR_TRY(prepare_file(state_.disk, name, state_.limits.segment_bytes));
    return name;
}

} // namespace kontor::journal
