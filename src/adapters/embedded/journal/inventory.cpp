#include "adapters/embedded/journal/inventory.hpp"

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/merged_filter.hpp"
#include "adapters/embedded/journal/new_file.hpp"
#include "adapters/embedded/journal/scrub.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <fmt/core.h>

namespace kontor::journal {
namespace {

constexpr std::string_view index_suffix = ".idx";
constexpr std::string_view cut_prefix = "cut-";
constexpr std::string_view lock_name = "lock";

/// Whether a journal makes files of this name.
bool is_ours(std::string_view name) {
    return spare_number(name) || reserve_number(name) || merged_last(name) ||
           checkpoint_generation(name) || generation_in(name, index_suffix) ||
           dense_generation(name) || segment_generation(name) || name.starts_with(cut_prefix) ||
           name == scrubbed_name;
}

/// Whether a checkpoint was made of this log: one of another history says nothing about it.
bool is_of_log(ports::Disk& disk, std::uint64_t checkpoint, std::uint64_t newest) {
    auto const lineage = checkpoint_lineage(disk, checkpoint);
    auto reader = SegmentReader::open(disk, newest);
    if (!lineage || !reader || reader->size() == 0)
        return lineage.has_value();
    auto const head = reader->read(0, ports::disk_block_bytes);
    auto const header = head ? peek_frame(head->data(), reader->size()) : std::nullopt;
    return !header || header->lineage == *lineage;
}

Failure lost(std::uint64_t generation, std::string_view witness) {
    return {FailureKind::corrupt,
            fmt::format("a segment of the log is gone, for {} is here: restore a backup", witness),
            segment_name(generation)};
}

} // namespace

bool Inventory::is_begun() const {
    return !segments.empty() || !last_index.empty() || !last_merged.empty() ||
           !checkpoints.empty() || !reserves.empty() || !cut.empty() || is_scrubbed;
}

Result<Inventory> take_inventory(ports::Disk& disk) {
    KONTOR_TRY(auto const names, disk.list());
    Inventory found;
    for (auto const& name : names) {
        if (is_half_made(name) && is_ours(finished_name(name))) {
            found.half_made.push_back(name);
        } else if (spare_number(name)) {
            found.spares.push_back(name);
        } else if (reserve_number(name)) {
            found.reserves.push_back(name);
        } else if (auto const merged = merged_last(name)) {
            if (*merged >= found.merged) {
                found.last_merged = name;
                found.merged = *merged;
            }
        } else if (auto const checkpoint = checkpoint_generation(name)) {
            found.checkpoints.push_back(*checkpoint);
        } else if (auto const index = generation_in(name, index_suffix)) {
            found.last_index = name;
            found.indexed = *index;
        } else if (auto const squeezed = dense_generation(name)) {
            found.squeezed.push_back(*squeezed);
            found.segments.push_back(*squeezed);
        } else if (auto const segment = segment_generation(name)) {
            if (!found.segments.empty() && found.segments.back() == *segment)
                found.twice.push_back(*segment);
            else
                found.segments.push_back(*segment);
        } else if (name.starts_with(cut_prefix)) {
            found.cut = name;
        } else if (name == scrubbed_name) {
            found.is_scrubbed = true;
        } else if (name != lock_name && found.foreign.empty()) {
            found.foreign = name;
        }
    }
    return found;
}

Result<Measured> measure(ports::Disk& disk) {
    KONTOR_TRY(auto const found, take_inventory(disk));
    Measured all;
    for (auto const generation : found.segments) {
        KONTOR_TRY(auto const file, SegmentFile::open(disk, generation));
        all.bytes += file->file_bytes();
        switch (file->form()) {
        case SegmentForm::raw: ++all.raw; continue;
        case SegmentForm::dense: ++all.dense; continue;
        case SegmentForm::cold: ++all.cold; continue;
        }
        KONTOR_UNREACHABLE();
    }
    return all;
}

Result<void> check_nothing_is_missing(ports::Disk& disk, Inventory const& inventory) {
    auto const newest = inventory.segments.empty() ? 0 : inventory.segments.back();
    if (inventory.merged > 0 && inventory.merged >= newest)
        return unexpected(lost(newest + 1, inventory.last_merged));
    // Indexes, checkpoints and squeezed files are made of sealed segments: one more was there.
    bool const is_last_squeezed =
        !inventory.squeezed.empty() && inventory.squeezed.back() == newest;
    if (is_last_squeezed)
        return unexpected(lost(newest + 1, dense_name(newest)));
    if (inventory.indexed > 0 && inventory.indexed >= newest)
        return unexpected(lost(newest + 1, inventory.last_index));
    for (auto const generation : inventory.checkpoints)
        if (generation >= newest && is_of_log(disk, generation, newest))
            return unexpected(lost(newest + 1, checkpoint_name(generation)));
    if (newest > 0 || !inventory.is_begun())
        return {};
    if (!inventory.reserves.empty())
        return unexpected(lost(1, inventory.reserves.front()));
    if (!inventory.cut.empty())
        return unexpected(lost(1, inventory.cut));
    if (!inventory.checkpoints.empty())
        return unexpected(lost(1, checkpoint_name(inventory.checkpoints.front())));
    return unexpected(lost(1, scrubbed_name));
}

} // namespace kontor::journal
