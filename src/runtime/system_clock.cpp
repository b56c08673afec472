#include "runtime/system_clock.hpp"

#include <chrono>

namespace kontor {
namespace {

template <class MachineClock>
std::int64_t microseconds_of() {
    auto const since_its_start = MachineClock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since_its_start).count();
}

MachineTime machine_time() {
    auto const monotonic = microseconds_of<std::chrono::steady_clock>();
    auto const wall = microseconds_of<std::chrono::system_clock>();
    return {Instant::from_unix_microseconds(wall), Duration::microseconds(monotonic)};
}

} // namespace

SystemClock::SystemClock(Instant not_before) : time_(not_before, machine_time()) {}

Instant SystemClock::now() {
    return time_.at(machine_time());
}

Duration SystemClock::monotonic() {
    return Duration::microseconds(microseconds_of<std::chrono::steady_clock>());
}

Duration SystemClock::refused_jump() const {
    return time_.refused_jump();
}

} // namespace kontor
