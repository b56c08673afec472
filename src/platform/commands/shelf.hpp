#pragma once

/// Shelf<A>: the states of one aggregate that the desk has at hand, each with the version it stands
/// at. Thread: the desk's.
///
/// Invariants: 1. A state here is the fold of all events that were accepted for its stream, durable
/// or not.
///             2. A cell that belongs to the open batch (`pinned`) is never put away.
///             3. A finished state leaves once its batch is appended: few ask for it again, and the
///                places of those at work stay few and warm. At the limit of `states_max` cells
///                those go that were not asked for since the hand passed.
///             4. A cell that is free holds the initial state: a state is folded where it will
///                stand, and moved nowhere.

#include "platform/commands/aggregate.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace kontor::commands {

template <Folded A>
struct Cell {
    KeyOf<A> key;
    StateOf<A> state;
    ports::StreamVersion version{};
    bool recently_used{true};
    bool pinned{false};
};

template <Folded A>
class Shelf {
public:
    explicit Shelf(std::size_t capacity) : capacity_(capacity) {}

    Cell<A>* find(KeyOf<A> const& key) {
        auto const found = index_.find(key);
        if (found == index_.end())
            return nullptr;
        auto& cell = at(found->second);
        cell.recently_used = true;
        return &cell;
    }

    /// Puts the initial state on the shelf, for its facts to be folded into; makes room first.
    /// Requires: the key is not there.
    Cell<A>& put(KeyOf<A> const& key) {
        if (index_.size() >= capacity_)
            make_room();
        auto const slot = free_slot();
        index_.emplace(key, slot);
        auto& cell = at(slot);
        cell.key = key;
        return cell;
    }

    /// Forgets a state, so that the next one who asks folds it from the log.
    void drop(KeyOf<A> const& key) {
        auto const found = index_.find(key);
        if (found == index_.end())
            return;
        release(found->second);
        index_.erase(found);
    }

    std::size_t size() const { return index_.size(); }

private:
    using Slot = std::uint32_t;
    static constexpr std::size_t block_cells = 16;
    using Block = std::unique_ptr<Cell<A>[]>;

    Cell<A>& at(std::size_t slot) { return blocks_[slot / block_cells][slot % block_cells]; }

    Slot free_slot() {
        if (!free_.empty()) {
            auto const slot = free_.back();
            free_.pop_back();
            return slot;
        }
        if (cell_count_ % block_cells == 0)
            blocks_.push_back(std::make_unique<Cell<A>[]>(block_cells));
        auto const slot = cell_count_++;
        at(slot).state = A::Fold::initial();
        return static_cast<Slot>(slot);
    }

    void release(Slot slot) {
        auto& cell = at(slot);
        cell.state = A::Fold::initial();
        cell.version = {};
        cell.recently_used = true;
        cell.pinned = false;
        free_.push_back(slot);
    }

    /// One turn of the clock hand at most twice round: the first round takes away the mark of
    /// recent use.
    void make_room() {
        for (std::size_t looked = 0; looked < 2 * cell_count_; ++looked) {
            hand_ = (hand_ + 1) % cell_count_;
            auto& cell = at(hand_);
            auto const found = index_.find(cell.key);
            bool const on_shelf = found != index_.end() && found->second == hand_;
            if (!on_shelf || cell.pinned)
                continue;
            if (cell.recently_used) {
                cell.recently_used = false;
                continue;
            }
            index_.erase(found);
            release(static_cast<Slot>(hand_));
            return;
        }
    }

    std::size_t capacity_;
    boost::unordered_flat_map<KeyOf<A>, Slot, std::hash<KeyOf<A>>> index_;
    std::vector<Block> blocks_; ///< of cells, which stay where they are
    std::size_t cell_count_{0}; ///< in use so far or free
    std::vector<Slot> free_;
    std::size_t hand_{0};
};

} // namespace kontor::commands
