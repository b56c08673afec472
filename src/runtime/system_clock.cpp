#include "runtime/system_clock.hpp"

#include <chrono>
#include <cstdlib>

namespace kontor {
namespace {

std::int64_t wall_microseconds() {
    auto const since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count();
}

std::int64_t monotonic_microseconds() {
    auto const since_start = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since_start).count();
}

} // namespace

SystemClock::SystemClock(Instant not_before)
    : last_(not_before.unix_microseconds()),
      wall_minus_monotonic_(wall_microseconds() - monotonic_microseconds()) {}

Instant SystemClock::now() {
    auto const monotonic = monotonic_microseconds();
    auto const offset = wall_microseconds() - monotonic;
    auto const drift = offset - wall_minus_monotonic_.load(std::memory_order_relaxed);
    if (std::llabs(drift) <= jump_max_.in_microseconds()) {
        wall_minus_monotonic_.store(offset, std::memory_order_relaxed);
        refused_.store(0, std::memory_order_relaxed);
    } else {
        refused_.store(drift, std::memory_order_relaxed);
    }
    auto const candidate = monotonic + wall_minus_monotonic_.load(std::memory_order_relaxed);
    auto last = last_.load(std::memory_order_relaxed);
    while (candidate > last &&
           !last_.compare_exchange_weak(last, candidate, std::memory_order_relaxed)) {
    }
    return Instant::from_unix_microseconds(std::max(candidate, last));
}

Duration SystemClock::monotonic() {
    return Duration::microseconds(monotonic_microseconds());
}

Duration SystemClock::refused_jump() const {
    return Duration::microseconds(refused_.load(std::memory_order_relaxed));
}

} // namespace kontor
