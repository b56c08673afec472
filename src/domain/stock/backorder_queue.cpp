#include "domain/stock/backorder_queue.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace kontor::stock {

void BackorderQueue::leave(ReservationId id) {
    auto const front = places_.begin() + static_cast<std::ptrdiff_t>(front_);
    auto const place = std::find(front, places_.end(), id);
    KONTOR_ASSERT(place != places_.end(), "{} does not wait", id.to_string());
    if (place != front) {
        places_.erase(place);
        return;
    }
    ++front_;
    if (front_ * 2 >= places_.size()) {
        places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(front_));
        front_ = 0;
    }
}

bool operator==(BackorderQueue const& a, BackorderQueue const& b) {
    return std::ranges::equal(a.waiting(), b.waiting());
}

} // namespace kontor::stock
