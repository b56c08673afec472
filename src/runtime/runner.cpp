#include "runtime/runner.hpp"

#include <algorithm>
#include <chrono>
#include <pthread.h>

namespace kontor {

namespace {

/// So that tools which list threads show whose each is. The system keeps fifteen characters.
void name_this_thread(std::string_view name) {
    constexpr std::size_t length_max = 15;
    pthread_setname_np(pthread_self(), std::string(name.substr(0, length_max)).c_str());
}

} // namespace

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
