#include "adapters/embedded/journal/compaction.hpp"

namespace kontor::journal {

bool Compaction::is_padded(SegmentFacts const& facts) const {
    auto const all = std::uint64_t{state_.limits.segment_bytes};
    auto const padding = all - std::min(all, facts.content);
    return padding * 100 > all * state_.limits.padding_percent_max;
}

std::optional<Compaction::Due> Compaction::find_due() {
    auto const cold_before = state_.clock.now() - state_.limits.cold_after;
    std::lock_guard const lock(state_.mutex);
    auto const& sealed = *state_.sealed;
    while (cooled_ < sealed.size() && state_.forms[cooled_] == SegmentForm::cold)
        ++cooled_;
    bool const is_old = cooled_ < sealed.size() &&
                        sealed[cooled_]->facts().written_at < cold_before.unix_microseconds();
    if (is_old)
        return Due{sealed[cooled_], SegmentForm::cold};
    for (; looked_at_ < sealed.size(); ++looked_at_)
        if (state_.forms[looked_at_] == SegmentForm::raw && is_padded(sealed[looked_at_]->facts()))
            return Due{sealed[looked_at_], SegmentForm::dense};
    return std::nullopt;
}

bool Compaction::is_due() {
    return squeeze_ || left_ || find_due().has_value();
}

Result<bool> Compaction::work(bool has_space) {
    if (left_)
        return give_back();
    if (!has_space)
        return false;
    if (squeeze_)
        return go_on();
    auto due = find_due();
    if (!due)
        return false;
    KONTOR_TRY(begin(*std::move(due)));
    return true;
}

Result<void> Compaction::begin(Due due) {
    KONTOR_TRY(squeeze_, Squeeze::begin(state_.disk, state_.files, std::move(due.index), due.form));
    return {};
}

Result<bool> Compaction::go_on() {
    KONTOR_TRY(bool const is_done, squeeze_->step(step_bytes));
    if (!is_done)
        return true;
    auto const generation = squeeze_->generation();
    auto const form = squeeze_->form();
    if (squeeze_->form_before() == SegmentForm::raw)
        left_ = generation;
    squeeze_.reset();
    state_.faults.reached(form == SegmentForm::cold ? segment_cooled : segment_squeezed);
    state_.files.switch_over(generation);
    if (!left_)
        state_.files.forget_raw(generation);
    std::lock_guard const lock(state_.mutex);
    state_.forms[generation - 1] = form;
    return true;
}

Result<void> Compaction::check_space() {
    KONTOR_TRY(auto const disk, state_.disk.state());
    if (disk.bytes_free < 2 * std::uint64_t{state_.limits.segment_bytes})
        return unexpected(
            Failure{FailureKind::full, "squeezing needs room for two segments: free some space"});
    return {};
}

Result<std::uint64_t> Compaction::file_bytes(std::uint64_t generation) {
    KONTOR_TRY(auto const file, state_.files.open(generation));
    return file->file_bytes();
}

Result<Compacted> Compaction::work_off(OnSegment const& on_segment) {
    std::vector<std::shared_ptr<SegmentIndex const>> due;
    {
        std::lock_guard const lock(state_.mutex);
        for (std::size_t n = 0; n < state_.forms.size(); ++n)
            if (state_.forms[n] != SegmentForm::cold)
                due.push_back((*state_.sealed)[n]);
    }
    Compacted all;
    for (auto& index : due) {
        on_segment(all.segments + 1, due.size());
        KONTOR_TRY(check_space());
        auto const generation = index->facts().generation;
        KONTOR_TRY(auto const before, file_bytes(generation));
        KONTOR_TRY(begin({std::move(index), SegmentForm::cold}));
        while (squeeze_)
            KONTOR_TRY(go_on());
        if (left_)
            KONTOR_TRY(give_back());
        KONTOR_TRY(auto const after, file_bytes(generation));
        ++all.segments;
        all.bytes_before += before;
        all.bytes_after += after;
    }
    return all;
}

/// Under its new name the file is a spare with the frames of its segment in it. It is written to
/// only after this name is durable: else a power cut could bring the old one back.
Result<bool> Compaction::give_back() {
    if (!state_.files.switch_over(*left_))
        return false; // somebody reads it
    auto const raw = segment_name(*left_);
    KONTOR_TRY(auto const file, state_.disk.open(raw, ports::FileUse::read));
    Spare spare{{}, *left_};
    {
        std::lock_guard const lock(state_.mutex);
        bool const is_of_use = file->size() == state_.limits.segment_bytes &&
                               state_.spares.size() < state_.limits.spares;
        if (is_of_use)
            spare.name = spare_name(++state_.spares_made);
    }
    KONTOR_TRY(spare.name.empty() ? state_.disk.remove(raw) : state_.disk.rename(raw, spare.name));
    KONTOR_TRY(state_.disk.sync_directory());
    state_.files.forget_raw(*left_);
    left_.reset();
    if (spare.name.empty())
        return true;
    state_.faults.reached(file_recycled);
    std::lock_guard const lock(state_.mutex);
    state_.spares.push_back(std::move(spare));
    return true;
}

} // namespace kontor::journal
