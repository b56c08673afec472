#include "runtime/runner.hpp"

#include <algorithm>
#include <chrono>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kontor {

namespace {

/// So that tools which list threads show whose each is. The system keeps fifteen characters.
void name_this_thread(std::string_view name) {
    constexpr std::size_t length_max = 15;
    pthread_setname_np(pthread_self(), std::string(name.substr(0, length_max)).c_str());
}

/// The system's `sched_attr` in its first version, which the C library has no name for.
struct SchedulerAttributes {
    std::uint32_t size;
    std::uint32_t policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime_ns;
    std::uint64_t deadline_ns;
    std::uint64_t period_ns;
};

/// Errors of the system are passed over: the thread then shares the processor as all do.
void stand_back(int nice) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
}

} // namespace

/// A thread that wakes waits until the running one has used up its slice, to the next tick of the
/// clock: 4 ms, fifty times as long as a synced write takes. One with a shorter slice of its own
/// does not wait. A system that knows no such slices refuses or ignores it, and nothing is lost.
/// Source: sched(7); kernel documentation, sched-eevdf (since Linux 6.12).
void ask_for_short_slices() {
    constexpr std::uint64_t slice_ns = 100'000;
    SchedulerAttributes wanted{};
    if (::syscall(SYS_sched_getattr, 0, &wanted, sizeof wanted, 0) != 0 ||
        wanted.policy != SCHED_OTHER)
        return;
    wanted.runtime_ns = slice_ns;
    ::syscall(SYS_sched_setattr, 0, &wanted, 0);
}

Runner::Runner(Agent& agent, IdleStrategy idle, std::function<void(Failure const&)> on_failure)
    : agent_(agent), idle_(idle), has_bell_(agent.listen(this)),
      thread_([this, on_failure = std::move(on_failure)] { run(on_failure); }) {}

Runner::~Runner() {
    stop();
}

void Runner::stop() {
    stopping_.store(true, std::memory_order_release);
    ring();
    if (thread_.joinable())
        thread_.join();
    agent_.listen(nullptr);
}

/// Both sides exchange the same flag, so one of them sees the other: the ringer that somebody naps,
/// or the runner, when it looks once more, what the ringer brought.
void Runner::ring() {
    if (!is_napping_.exchange(false, std::memory_order_acq_rel))
        return;
    {
        std::lock_guard const lock(mutex_);
    }
    rung_.notify_one();
}

Result<WorkDone> Runner::nap() {
    is_napping_.exchange(true, std::memory_order_acq_rel);
    auto done = agent_.do_work({idle_.items_max});
    if (done && done->items == 0 && !stopping_.load(std::memory_order_acquire)) {
        std::unique_lock lock(mutex_);
        rung_.wait_for(lock, std::chrono::microseconds(idle_.nap_max.in_microseconds()),
                       [&] { return !is_napping_.load(std::memory_order_acquire); });
    }
    is_napping_.store(false, std::memory_order_relaxed);
    return done;
}

void Runner::run(std::function<void(Failure const&)> const& on_failure) {
    name_this_thread(agent_.name());
    if (agent_.is_awaited())
        ask_for_short_slices();
    if (idle_.nice > 0)
        stand_back(idle_.nice);
    int idle_calls = 0;
    auto sleep = idle_.sleep_min;
    while (!stopping_.load(std::memory_order_acquire)) {
        bool const is_tired = idle_calls > idle_.spins_max;
        auto const done = is_tired && has_bell_ ? nap() : agent_.do_work({idle_.items_max});
        if (!done) {
            on_failure(done.error());
            break;
        }
        if (done->items > 0) {
            idle_calls = 0;
            sleep = idle_.sleep_min;
        } else if (!is_tired) {
            ++idle_calls;
        } else if (has_bell_) {
            idle_calls = 0; // somebody rang, or it is time to look
        } else {
            std::this_thread::sleep_for(std::chrono::microseconds(sleep.in_microseconds()));
            sleep = std::min(sleep * 2, idle_.sleep_max);
        }
    }
    ended_.store(true, std::memory_order_release);
}

} // namespace kontor
