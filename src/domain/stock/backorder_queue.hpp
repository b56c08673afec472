#pragma once

/// BackorderQueue: who waits for units that are not there yet, in the sequence of their promises.
///
/// Those who get their units leave at the front, in constant time; whoever gives up leaves from
/// the middle, which is searched for: that is rare, and a queue is no longer than the item's
/// `backorder_max`.

#include "domain/values/ids.hpp"

#include <span>
#include <vector>

namespace kontor::stock {

class BackorderQueue {
public:
    /// Oldest promise first.
    std::span<ReservationId const> waiting() const { return std::span(places_).subspan(front_); }

    /// Requires: the reservation does not wait yet.
    void join(ReservationId id) { places_.push_back(id); }
    /// Requires: the reservation waits.
    void leave(ReservationId id);

    friend bool operator==(BackorderQueue const& a, BackorderQueue const& b);

private:
    std::vector<ReservationId> places_{};
    std::size_t front_{0};
};

} // namespace kontor::stock
