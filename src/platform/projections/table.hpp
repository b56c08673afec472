#pragma once

/// Table<Row>: the rows of one table that are at hand, dense, with an index by key. A projection
/// folds facts into them; many changes of a row become one write when the rows are collected.
///
/// Behind it may stand the store of a read model: a row that is not at hand is read from there.
/// Without one the table *is* the read model: all rows stay.
///
/// Thread: one.
/// Invariants: 1. A pointer or reference to a row is good until the next call of the same table
///                that may add or remove one.
///             2. When the store fails to give a row, the latch holds its Failure, and nothing that
///                was folded since the last commit may be written.

#include "platform/projections/row_hash.hpp"
#include "platform/projections/row_shape.hpp"

#include "ports/read_models.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <deque>
#include <optional>

namespace kontor::projections {

/// What the tables of one projection share while they stand before a store.
struct Backing {
    ports::ReadModel* model{nullptr};
    std::optional<Failure> latch{};
};

/// What a commit writes, and the memory it needs.
struct Collected {
    ports::Changes changes{};
    ports::RowDigest digest{}; ///< of all rows as they are now
    TextArena arena{};
};

/// A table as the fold sees it: rows of whatever type.
class AnyTable {
public:
    virtual ~AnyTable() = default;
    virtual ports::TableShape shape() const = 0;
    /// From now on rows that are not at hand come from this store, as its `number`-th table.
    virtual void stand_before(Backing& backing, std::size_t number) = 0;
    /// Adds what changed since the last commit, and moves the digest along.
    virtual void collect(Collected& to) = 0;
    /// What was collected is written.
    virtual void committed() = 0;
    /// Forgets all rows at hand.
    virtual void forget() = 0;
    virtual std::size_t changed() const = 0;
    /// Adds the hashes of all rows at hand, as rows of the `number`-th table.
    virtual void add_digest(std::size_t number, ports::RowDigest& to) = 0;
};

template <TableRow Row>
class Table final : public AnyTable {
public:
    using Key = KeyOf<Row>;

    explicit Table(std::size_t at_hand_max) : at_hand_max_(at_hand_max) {}

    /// Null: there is no such row.
    Row const* find(Key const& key) {
        auto const* const slot = reach(key);
        return slot != nullptr && !slot->is_removed ? &slot->row : nullptr;
    }
    /// The row, to be changed; null: there is none.
    Row* change(Key const& key) {
        auto* const slot = reach(key);
        if (slot == nullptr || slot->is_removed)
            return nullptr;
        touch(*slot);
        return &slot->row;
    }
    /// The row, to be changed; made when there is none.
    Row& put(Key const& key) {
        auto* const slot = reach(key);
        if (slot == nullptr)
            return add(with_key<Row>(key));
        if (slot->is_removed)
            slot->row = with_key<Row>(key);
        slot->is_removed = false;
        touch(*slot);
        return slot->row;
    }
    /// A row whose key was never there: the store need not be asked.
    Row& add(Row row) {
        auto const [at, is_new] =
            index_.emplace(key_of(row), static_cast<std::uint32_t>(slots_.size()));
        if (!is_new) {
            auto& slot = slots_[at->second];
            slot.row = std::move(row);
            slot.is_removed = false;
            touch(slot);
            return slot.row;
        }
        slots_.push_back({std::move(row)});
        touch(slots_.back());
        return slots_.back().row;
    }
    void remove(Key const& key) {
        if (auto* const slot = reach(key)) {
            slot->is_removed = true;
            touch(*slot);
        }
    }

    /// All rows at hand, in no particular sequence; all there are, when no store stands behind.
    template <class Visitor>
    void each(Visitor&& visit) const {
        for (auto const& slot : slots_)
            if (!slot.is_removed)
                visit(slot.row);
    }
    std::size_t at_hand() const { return slots_.size(); }

    ports::TableShape shape() const override { return table_shape<Row>(); }

    void stand_before(Backing& backing, std::size_t number) override {
        backing_ = &backing;
        number_ = number;
    }

    void collect(Collected& to) override {
        std::sort(changed_.begin(), changed_.end(), [this](std::uint32_t a, std::uint32_t b) {
            return key_of(slots_[a].row) < key_of(slots_[b].row);
        });
        auto& changes = to.changes[number_];
        RowCells<Row> cells;
        for (auto const index : changed_) {
            auto& slot = slots_[index];
            write_row(slot.row, to.arena, cells);
            slot.fresh = slot.is_removed ? ports::RowDigest{} : hasher_(number_, cells);
            if (slot.fresh == slot.stored)
                continue; // as it stands in the store: nothing to write
            to.digest -= slot.stored;
            to.digest += slot.fresh;
            if (slot.is_removed)
                changes.removed.insert(changes.removed.end(), cells.begin(),
                                       cells.begin() + Row::key_columns);
            else
                changes.put.insert(changes.put.end(), cells.begin(), cells.end());
        }
    }

    void committed() override {
        for (auto const index : changed_) {
            slots_[index].stored = slots_[index].fresh;
            slots_[index].is_changed = false;
        }
        if (slots_.size() > at_hand_max_)
            keep_only_changed();
        changed_.clear();
    }

    void forget() override {
        slots_.clear();
        index_.clear();
        changed_.clear();
    }

    std::size_t changed() const override { return changed_.size(); }

    void add_digest(std::size_t number, ports::RowDigest& to) override {
        RowCells<Row> cells;
        each([&](Row const& row) {
            arena_.clear();
            write_row(row, arena_, cells);
            to += hasher_(number, cells);
        });
    }

private:
    struct Slot {
        Row row;
        ports::RowDigest stored{}; ///< of the row as the store has it; zero: it has none
        ports::RowDigest fresh{};
        bool is_changed{false};
        bool is_removed{false};
    };

    void touch(Slot& slot) {
        if (backing_ == nullptr || slot.is_changed)
            return;
        slot.is_changed = true;
        changed_.push_back(index_.find(key_of(slot.row))->second);
    }

    Slot* reach(Key const& key) {
        auto const found = index_.find(key);
        if (found != index_.end())
            return &slots_[found->second];
        return backing_ != nullptr && !backing_->latch ? load(key) : nullptr;
    }

    Slot* load(Key const& key) {
        arena_.clear();
        Slot slot{};
        bool is_good = true;
        auto const found = backing_->model->find(number_, key_cells<Row>(key, arena_),
                                                 [&](std::span<Cell const> cells) {
                                                     is_good = read_row(cells, slot.row);
                                                     slot.stored = hasher_(number_, cells);
                                                     return true;
                                                 });
        if (found && is_good && !*found)
            return nullptr;
        if (!found || !is_good || key_of(slot.row) != key) {
            backing_->latch =
                found ? Failure{FailureKind::corrupt, "a row of a read model cannot be read",
                                std::string(Row::table)}
                      : found.error();
            return nullptr;
        }
        index_.emplace(key, static_cast<std::uint32_t>(slots_.size()));
        slots_.push_back(std::move(slot));
        return &slots_.back();
    }

    void keep_only_changed() {
        std::deque<Slot> kept;
        index_.clear();
        if (changed_.size() <= at_hand_max_ / 2)
            for (auto const index : changed_) {
                auto& slot = slots_[index];
                if (slot.is_removed)
                    continue;
                index_.emplace(key_of(slot.row), static_cast<std::uint32_t>(kept.size()));
                kept.push_back(std::move(slot));
            }
        slots_ = std::move(kept);
    }

    std::size_t at_hand_max_;
    Backing* backing_{nullptr};
    std::size_t number_{0};
    std::deque<Slot> slots_;
    boost::unordered_flat_map<Key, std::uint32_t, KeyHash> index_;
    std::vector<std::uint32_t> changed_;
    RowHasher hasher_;
    TextArena arena_;
};

} // namespace kontor::projections
