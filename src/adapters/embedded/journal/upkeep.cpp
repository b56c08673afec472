#include "adapters/embedded/journal/upkeep.hpp"

#include "adapters/embedded/journal/checkpoint_writer.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::journal {

Result<WorkDone> Upkeep::do_work(WorkBudget budget) {
    std::size_t done = 0;
    watch_space();
    while (done < budget.items_max) {
        KONTOR_TRY(gather());
        bool did = false;
        if (has_space(1)) {
            KONTOR_TRY(did, index_one());
        }
        if (!did && has_space(2)) {
            KONTOR_TRY(did, prepare_spare());
        }
        if (!did && has_space(2)) {
            KONTOR_TRY(did, prepare_reserve());
        }
        if (!did) {
            KONTOR_TRY(did, make_checkpoint());
        }
        if (!did && has_space(2)) {
            KONTOR_TRY(did, merge_filters());
        }
        if (!did) {
            KONTOR_TRY(did, compaction_.work(has_space(2)));
        }
        if (!did) {
            KONTOR_TRY(did, scrub_.work());
        }
        if (!did)
            break;
        ++done;
    }
    return WorkDone{done};
}

bool Upkeep::has_space(std::uint64_t segments) {
    watch_space();
    return free_bytes_.load(std::memory_order_relaxed) >= segments * state_.limits.segment_bytes;
}

/// Without a file that waits to become a segment there is room for one more only if the disk has
/// it, and for the index of the one before.
void Upkeep::watch_space() {
    auto const disk = state_.disk.state();
    if (!disk || state_.faults.at(space_unseen))
        return;
    auto const& limits = state_.limits;
    auto const free = disk->bytes_free;
    auto const has_less = [&](std::uint64_t bytes, std::uint32_t percent) {
        return free < bytes || free < disk->bytes_total / 100 * percent;
    };
    free_bytes_.store(free, std::memory_order_relaxed);
    std::lock_guard const lock(state_.mutex);
    bool const has_files = !state_.spares.empty() || !state_.reserves.empty();
    auto room = ports::Room::ample;
    if (has_less(limits.free_bytes_scarce, limits.free_percent_scarce))
        room = ports::Room::scarce;
    if (has_less(limits.free_bytes_min, limits.free_percent_min))
        room = ports::Room::last;
    if (free < 2 * std::uint64_t{limits.segment_bytes})
        room = has_files ? ports::Room::last : ports::Room::none;
    state_.room.store(room, std::memory_order_relaxed);
}

Result<bool> Upkeep::index_one() {
    std::lock_guard const one(indexing_);
    Chain start;
    Chain next;
    {
        std::lock_guard const lock(state_.mutex);
        if (state_.unindexed.empty())
            return false;
        start = state_.unindexed.front();
        next = state_.unindexed.size() > 1 ? state_.unindexed[1] : state_.open_chain;
    }
    KONTOR_TRY(auto index, make_index(start, next));
    state_.faults.reached(index_built);
    std::lock_guard const lock(state_.mutex);
    if (!(index->next_chain() == next))
        return unexpected(Failure{
            FailureKind::corrupt,
            fmt::format("the frame at position {} does not check", index->facts().next_position),
            fmt::format("{}, offset {}", segment_name(index->facts().generation),
                        index->facts().end)});
    auto list = *state_.sealed;
    list.push_back(std::move(index));
    state_.sealed = std::make_shared<SealedList const>(std::move(list));
    state_.forms.push_back(SegmentForm::raw);
    state_.unindexed.erase(state_.unindexed.begin());
    state_.trim();
    return true;
}

Result<bool> Upkeep::make_checkpoint() {
    std::shared_ptr<SealedList const> sealed;
    std::shared_ptr<Checkpoint const> before;
    {
        std::lock_guard const lock(state_.mutex);
        sealed = state_.sealed;
        before = state_.checkpoint;
    }
    auto const sealed_since = [&](std::uint64_t generation) {
        std::uint64_t bytes = 0;
        for (auto const& index : *sealed)
            if (index->facts().generation > generation)
                bytes += index->facts().end;
        return bytes;
    };
    auto const begin = before ? before->generation() : 0;
    auto const length = before ? before->bytes() : 0;
    auto const news = sealed_since(std::max(begin, declined_at_));
    if (news == 0 || news < std::max(state_.limits.checkpoint_after, length))
        return false;
    // All may be open, and a commit is longer alone.
    auto const longest = 2 * (sealed_since(begin) + length);
    if (!has_space(2 + longest / state_.limits.segment_bytes))
        return false;
    KONTOR_TRY(bool const is_made,
               CheckpointWriter(state_.disk, cold_, *sealed, before.get()).write());
    if (!is_made) {
        declined_at_ = sealed->back()->facts().generation;
        return true;
    }
    KONTOR_TRY(auto made, Checkpoint::load(state_.disk, sealed->back()->facts()));
    state_.faults.reached(checkpoint_made);
    {
        std::lock_guard const lock(state_.mutex);
        state_.checkpoint = std::move(made);
    }
    if (before)
        KONTOR_TRY(state_.disk.remove(checkpoint_name(before->generation())));
    return true;
}

Result<bool> Upkeep::merge_filters() {
    if (!merging_) {
        std::shared_ptr<SealedList const> sealed;
        {
            std::lock_guard const lock(state_.mutex);
            sealed = state_.sealed;
        }
        if (sealed->size() == merged_up_to_)
            return false;
        auto segments = sealed->to_merge();
        if (segments.empty()) {
            merged_up_to_ = sealed->size();
            return false;
        }
        merging_.emplace(std::move(segments));
    }
    auto is_done = merging_->step(state_.disk);
    if (!is_done && is_done.error().kind == FailureKind::corrupt) {
        // An index is damaged: whoever reads it builds it anew, and the filter with it later.
        merging_.reset();
        std::lock_guard const lock(state_.mutex);
        merged_up_to_ = state_.sealed->size();
        return false;
    }
    KONTOR_TRY(bool const is_made, std::move(is_done));
    if (!is_made)
        return true;
    KONTOR_TRY(auto merged, MergedFilter::load(state_.disk, merging_->segments()));
    state_.faults.reached(filters_merged);
    std::lock_guard const lock(state_.mutex);
    auto list = *state_.sealed;
    list.set_merged(merging_->first() - 1, merging_->segments().size(), std::move(merged));
    state_.sealed = std::make_shared<SealedList const>(std::move(list));
    merging_.reset();
    return true;
}

Result<void> Upkeep::gather() {
    std::lock_guard const one(indexing_);
    return gathering_.keep_up();
}

Result<std::shared_ptr<SegmentIndex const>> Upkeep::make_index(Chain const& start,
                                                               Chain const& next) {
    KONTOR_TRY(gathering_.keep_up());
    auto gathered = gathering_.hand_over(start, next);
    if (!gathered)
        return SegmentIndex::build(state_.disk, state_.files, start);
    KONTOR_TRY(gathered->builder.write(state_.disk, facts_between(start, next, gathered->end)));
    state_.faults.reached(index_gathered);
    return SegmentIndex::load(state_.disk, start.generation);
}

Result<Compacted> Upkeep::compact(OnSegment const& on_segment) {
    for (bool more = true; more;) {
        KONTOR_TRY(more, index_one());
    }
    return compaction_.work_off(on_segment);
}

/// A file that squeezing is about to give back is as good as a new one, and costs nothing.
Result<bool> Upkeep::prepare_spare() {
    if (!preparing_) {
        constexpr std::size_t one = 1;
        bool const some_come_back = compaction_.is_due();
        std::string name;
        {
            std::lock_guard const lock(state_.mutex);
            auto const enough =
                some_come_back ? std::min(one, state_.limits.spares) : state_.limits.spares;
            if (state_.spares.size() >= enough)
                return false;
            name = spare_name(++state_.spares_made);
        }
        KONTOR_TRY(preparing_, ZeroedFile::begin(state_.disk, name, state_.limits.segment_bytes));
    }
    KONTOR_TRY(bool const is_ready, preparing_->write_some(step_bytes));
    if (!is_ready)
        return true;
    std::lock_guard const lock(state_.mutex);
    state_.spares.push_back({preparing_->name()});
    preparing_.reset();
    return true;
}

Result<bool> Upkeep::prepare_reserve() {
    std::string name;
    {
        std::lock_guard const lock(state_.mutex);
        if (state_.reserves.size() >= state_.limits.reserves)
            return false;
        name = reserve_name(++state_.spares_made);
    }
    KONTOR_TRY(reserve_file(state_.disk, name, state_.limits.segment_bytes));
    std::lock_guard const lock(state_.mutex);
    state_.reserves.push_back(std::move(name));
    return true;
}

/// Where none was filled in time, a file whose space is taken serves as well: writing zeros into it
/// first would hold up all appends, and under load its own writes are large and hardly slower. The
/// reserves are touched last.
Result<Spare> Upkeep::take_spare() {
    bool const is_spacious = has_space(2);
    Spare taken;
    {
        std::lock_guard const lock(state_.mutex);
        if (!state_.spares.empty()) {
            taken = std::move(state_.spares.front());
            state_.spares.erase(state_.spares.begin());
            return taken;
        }
        if (!is_spacious && !state_.reserves.empty()) {
            taken.name = std::move(state_.reserves.front());
            state_.reserves.erase(state_.reserves.begin());
            return taken;
        }
        taken.name = spare_name(++state_.spares_made);
    }
    KONTOR_TRY(reserve_file(state_.disk, taken.name, state_.limits.segment_bytes));
    state_.faults.reached(spare_reserved);
    return taken;
}

} // namespace kontor::journal
