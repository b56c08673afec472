#include "adapters/embedded/journal/sealed_list.hpp"

#include <algorithm>

namespace kontor::journal {

void SealedList::push_back(Index index) {
    indexes_.push_back(std::move(index));
    cover();
}

void SealedList::replace(Index index) {
    for (auto& known : indexes_)
        if (known->facts().generation == index->facts().generation)
            known = index;
}

SealedList::Merged const* SealedList::merged_at(std::size_t level, std::size_t number) const {
    if (level > merged_.size() || number >= merged_[level - 1].size())
        return nullptr;
    auto const& merged = merged_[level - 1][number];
    return merged ? &merged : nullptr;
}

/// From the oldest on, the largest that begins here.
void SealedList::cover() {
    cover_.clear();
    for (std::size_t at = 0; at < indexes_.size();) {
        Node best{0, at};
        std::size_t segments = 1;
        std::size_t size = merged_at_once;
        for (std::size_t level = 1; level <= merged_.size() && at % size == 0; ++level) {
            if (merged_at(level, at / size) != nullptr) {
                best = {level, at / size};
                segments = size;
            }
            size *= merged_at_once;
        }
        cover_.push_back(best);
        at += segments;
    }
}

std::vector<SealedList::Index> SealedList::to_merge() const {
    std::size_t level = 1;
    for (auto size = merged_at_once; size <= indexes_.size(); size *= merged_at_once, ++level)
        for (std::size_t at = 0; at + size <= indexes_.size(); at += size) {
            bool const is_one_history =
                indexes_[at]->facts().lineage == indexes_[at + size - 1]->facts().lineage;
            if (is_one_history && merged_at(level, at / size) == nullptr)
                return {indexes_.begin() + static_cast<std::ptrdiff_t>(at),
                        indexes_.begin() + static_cast<std::ptrdiff_t>(at + size)};
        }
    return {};
}

void SealedList::set_merged(std::size_t first, std::size_t segments, Merged merged) {
    std::size_t level = 0;
    for (std::size_t size = 1; size < segments; size *= merged_at_once)
        ++level;
    if (merged_.size() < level)
        merged_.resize(level);
    auto& row = merged_[level - 1];
    auto const number = first / segments;
    if (row.size() <= number)
        row.resize(number + 1);
    row[number] = std::move(merged);
    cover();
}

std::size_t SealedList::resident_bytes() const {
    std::size_t bytes = 0;
    for (auto const& index : indexes_)
        bytes += index->resident_bytes();
    for (auto const& row : merged_)
        for (auto const& merged : row)
            bytes += merged ? merged->resident_bytes() : 0;
    return bytes;
}

} // namespace kontor::journal
