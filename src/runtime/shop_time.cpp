#include "runtime/shop_time.hpp"

#include <algorithm>
#include <cstdlib>

namespace kontor {
namespace {

std::int64_t offset_of(MachineTime machine) {
    return machine.wall.unix_microseconds() - machine.monotonic.in_microseconds();
}

} // namespace

ShopTime::ShopTime(Instant not_before, MachineTime start)
    : last_(not_before.unix_microseconds()), wall_minus_monotonic_(offset_of(start)) {}

Instant ShopTime::at(MachineTime machine) {
    auto const offset = offset_of(machine);
    auto const drift = offset - wall_minus_monotonic_.load(std::memory_order_relaxed);
    if (std::llabs(drift) <= jump_max_.in_microseconds()) {
        wall_minus_monotonic_.store(offset, std::memory_order_relaxed);
        refused_.store(0, std::memory_order_relaxed);
    } else {
        refused_.store(drift, std::memory_order_relaxed);
    }
    auto const candidate =
        machine.monotonic.in_microseconds() + wall_minus_monotonic_.load(std::memory_order_relaxed);
    auto last = last_.load(std::memory_order_relaxed);
    while (candidate > last &&
           !last_.compare_exchange_weak(last, candidate, std::memory_order_relaxed)) {
    }
    return Instant::from_unix_microseconds(std::max(candidate, last));
}

Duration ShopTime::refused_jump() const {
    return Duration::microseconds(refused_.load(std::memory_order_relaxed));
}

} // namespace kontor
