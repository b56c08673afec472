#pragma once

/// SealedList: the indexes of the sealed segments, oldest first, and the merged filters over them,
/// so that a search asks few filters. A list that others have never changes: it is copied.
///
/// Invariants: 1. A merged filter stands over as many segments as it was made of, and they begin at
///                a multiple of that number.

#include "adapters/embedded/journal/merged_filter.hpp"

namespace kontor::journal {

class SealedList {
public:
    using Index = std::shared_ptr<SegmentIndex const>;
    using Merged = std::shared_ptr<MergedFilter const>;
    enum class Sequence : std::uint8_t { oldest_first, newest_first };

    auto begin() const { return indexes_.begin(); }
    auto end() const { return indexes_.end(); }
    std::size_t size() const { return indexes_.size(); }
    bool empty() const { return indexes_.empty(); }
    Index const& back() const { return indexes_.back(); }
    Index const& operator[](std::size_t number) const { return indexes_[number]; }

    void push_back(Index index);
    /// Takes the index that was built anew in the place of the one of its segment.
    void replace(Index index);

    /// Segments over which the next merged filter is to stand, small ones first; none: all are
    /// there. Over segments of two histories there is none.
    std::vector<Index> to_merge() const;
    void set_merged(std::size_t first, std::size_t segments, Merged merged);

    /// How many filters a search asks that finds nothing.
    std::size_t filters() const { return cover_.size(); }
    std::size_t resident_bytes() const;

    /// Calls `see(index)` for the segments that `asks(filter)` lets pass, until it says false.
    /// Errors:   those of `see`.
    template <class Asks, class See>
    Result<void> search(Sequence sequence, Asks const& asks, See const& see) const;

private:
    /// A merged filter, or one segment.
    struct Node {
        std::size_t level; ///< 0: a segment
        std::size_t number;
    };
    void cover();
    Merged const* merged_at(std::size_t level, std::size_t number) const;
    /// Errors:   those of `see`.
    template <class Asks, class See>
    Result<bool> visit(Node node, Sequence sequence, Asks const& asks, See const& see) const;

    std::vector<Index> indexes_;
    std::vector<std::vector<Merged>> merged_; ///< by level, from 1
    std::vector<Node> cover_;                 ///< all segments, in as few nodes as there are
};

/// Errors:   those of `see`.
template <class Asks, class See>
Result<bool> SealedList::visit(Node node, Sequence sequence, Asks const& asks,
                               See const& see) const {
    if (node.level == 0)
        return asks(*indexes_[node.number]) ? see(indexes_[node.number]) : Result<bool>(true);
    auto const* const merged = merged_at(node.level, node.number);
    if (merged != nullptr && !asks(**merged))
        return true;
    for (std::size_t n = 0; n < merged_at_once; ++n) {
        auto const child = sequence == Sequence::newest_first ? merged_at_once - 1 - n : n;
        KONTOR_TRY(bool const goes_on, visit({node.level - 1, node.number * merged_at_once + child},
                                             sequence, asks, see));
        if (!goes_on)
            return false;
    }
    return true;
}

/// Errors:   those of `see`.
template <class Asks, class See>
Result<void> SealedList::search(Sequence sequence, Asks const& asks, See const& see) const {
    for (std::size_t n = 0; n < cover_.size(); ++n) {
        auto const& node = cover_[sequence == Sequence::newest_first ? cover_.size() - 1 - n : n];
        KONTOR_TRY(bool const goes_on, visit(node, sequence, asks, see));
        if (!goes_on)
            break;
    }
    return {};
}

} // namespace kontor::journal
