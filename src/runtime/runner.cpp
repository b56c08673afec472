#include "runtime/runner.hpp"

#include <algorithm>
#include <chrono>

namespace kontor {

Runner::Runner(Agent& agent, IdleStrategy idle, std::function<void(Failure const&)> on_failure)
    : agent_(agent), idle_(idle),
      thread_([this, on_failure = std::move(on_failure)] { run(on_failure); }) {}

Runner::~Runner() {
    stop();
}

void Runner::stop() {
    stopping_.store(true, std::memory_order_release);
    if (thread_.joinable())
        thread_.join();
}

void Runner::run(std::function<void(Failure const&)> const& on_failure) {
    int idle_calls = 0;
    auto sleep = idle_.sleep_min;
    while (!stopping_.load(std::memory_order_acquire)) {
        auto const done = agent_.do_work({idle_.items_max});
        if (!done) {
            on_failure(done.error());
            break;
        }
        if (done->items > 0) {
            idle_calls = 0;
            sleep = idle_.sleep_min;
        } else if (++idle_calls > idle_.spins_max) {
            std::this_thread::sleep_for(std::chrono::microseconds(sleep.in_microseconds()));
            sleep = std::min(sleep * 2, idle_.sleep_max);
        }
    }
    ended_.store(true, std::memory_order_release);
}

} // namespace kontor
