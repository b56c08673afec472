#include "domain/stock/open_promises.hpp"

#include <utility>

namespace kontor::stock {

namespace {

constexpr std::size_t slots_min = 4;

} // namespace

std::size_t OpenPromises::home_of(ReservationId id) const {
    auto const mixed = (id.value().low() ^ (id.value().high() << 1)) * 0x9e37'79b9'7f4a'7c15ULL;
    return static_cast<std::size_t>(mixed >> 32) & (slots_.size() - 1);
}

// The slot of the promise, or the empty one where it would be put.
std::size_t OpenPromises::slot_of(ReservationId id) const {
    auto slot = home_of(id);
    while (is_taken(slots_[slot]) && slots_[slot].reservation_id != id)
        slot = (slot + 1) & (slots_.size() - 1);
    return slot;
}

Promise const* OpenPromises::find(ReservationId id) const {
    if (size_ == 0)
        return nullptr;
    auto const& slot = slots_[slot_of(id)];
    return is_taken(slot) ? &slot : nullptr;
}

void OpenPromises::set(Promise const& promise) {
    bool const owes = is_taken(promise);
    if (slots_.empty()) {
        if (!owes)
            return;
        slots_.resize(slots_min);
    }
    auto slot = slot_of(promise.reservation_id);
    bool const known = is_taken(slots_[slot]);
    if (!owes) {
        if (known)
            remove_at(slot);
        return;
    }
    if (!known && (size_ + 1) * 4 > slots_.size() * 3) {
        resize(slots_.size() * 2);
        slot = slot_of(promise.reservation_id);
    }
    size_ += known ? 0 : 1;
    slots_[slot] = promise;
}

// Moves back every later promise of the run that the hole would hide.
void OpenPromises::remove_at(std::size_t hole) {
    auto const mask = slots_.size() - 1;
    for (auto next = (hole + 1) & mask; is_taken(slots_[next]); next = (next + 1) & mask) {
        auto const home = home_of(slots_[next].reservation_id);
        if (((next - home) & mask) >= ((next - hole) & mask)) {
            slots_[hole] = slots_[next];
            hole = next;
        }
    }
    slots_[hole] = Promise{};
    --size_;
    if (slots_.size() > slots_min && size_ * 8 < slots_.size())
        resize(slots_.size() / 2);
}

void OpenPromises::resize(std::size_t slots) {
    auto const old = std::exchange(slots_, std::vector<Promise>(slots));
    for (auto const& promise : old)
        if (is_taken(promise))
            slots_[slot_of(promise.reservation_id)] = promise;
}

bool operator==(OpenPromises const& a, OpenPromises const& b) {
    if (a.size_ != b.size_)
        return false;
    bool equal = true;
    a.for_each([&](Promise const& promise) {
        auto const* const other = b.find(promise.reservation_id);
        equal = equal && other != nullptr && *other == promise;
    });
    return equal;
}

} // namespace kontor::stock
