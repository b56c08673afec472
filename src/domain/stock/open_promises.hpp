#pragma once

/// OpenPromises: what one stock item owes to whom, found by reservation in constant time even when
/// ten thousand buyers hold the same item.
///
/// A flat table with open addressing (linear probing, deletion by backward shift), because a node
/// a promise would cost an allocation each and a sorted list would move half of itself for every
/// parcel of a hot item. Its sequence in memory is never an output.
/// Invariants: 1. Every promise kept here owes at least one unit; an empty slot owes none.
///             2. At most three slots of four are taken.
/// Source: Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm R.

#include "domain/values/ids.hpp"
#include "domain/values/quantity.hpp"

#include <vector>

namespace kontor::stock {

/// Units owed to one reservation: on the shelf, and beyond it.
struct Promise {
    ReservationId reservation_id;
    Count reserved;
    Count backordered;

    Count units() const { return reserved + backordered; }
    friend bool operator==(Promise const&, Promise const&) = default;
};

class OpenPromises {
public:
    /// Null when nothing is owed.
    Promise const* find(ReservationId id) const;
    std::size_t size() const { return size_; }

    /// Sets what is owed to a reservation; nothing owed closes it.
    void set(Promise const& promise);

    /// Calls `visit` with each promise, in no meaningful sequence: for sums and comparisons only.
    template <class Visit>
    void for_each(Visit visit) const {
        for (auto const& slot : slots_)
            if (is_taken(slot))
                visit(slot);
    }

    /// Equal when the same is owed to the same.
    friend bool operator==(OpenPromises const& a, OpenPromises const& b);

private:
    static bool is_taken(Promise const& slot) {
        return slot.reserved.value() != 0 || slot.backordered.value() != 0;
    }
    std::size_t home_of(ReservationId id) const;
    std::size_t slot_of(ReservationId id) const;
    void remove_at(std::size_t slot);
    void resize(std::size_t slots);

    std::vector<Promise> slots_{}; ///< a power of two, or none
    std::size_t size_{0};
};

} // namespace kontor::stock
