#pragma once

/// Runner: a thread for one agent. It calls the agent again and again, and idles when there was
/// nothing to do: first it spins for a moment, then it sleeps, for on a machine with few cores a
/// spinner steals the others' work. An agent that listens to the bell sleeps until it rings.
/// Thread: the owner's; the agent runs on the runner's own.
/// Source: Agrona's AgentRunner and BackoffIdleStrategy.

#include "base/agent.hpp"
#include "base/instant.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace kontor {

/// Asks the system that this thread goes on the moment it wakes, whoever else wants the processor:
/// for threads that everybody waits for and that work little at a time. A system that cannot do it
/// leaves things as they are.
void ask_for_short_slices();

/// How a runner waits when it is idle, and for whom it steps aside when it is not.
struct IdleStrategy {
    int spins_max{200};                             ///< calls without work before it sleeps at all
    Duration sleep_min{Duration::microseconds(20)}; ///< the first sleep, doubled each time …
    Duration sleep_max{Duration::milliseconds(1)};  ///< … up to this
    Duration nap_max{Duration::milliseconds(200)};  ///< asleep beside a bell, at most so long
    std::size_t items_max{4096};                    ///< the budget of each call
    int nice{0}; ///< how far its thread stands back where others want the processor too, 0 to 19
};

class Runner final : private Bell {
public:
    /// Starts at once. `on_failure` is called on the runner's thread when the agent returns a
    /// Failure, which ends it.
    Runner(Agent& agent, IdleStrategy idle, std::function<void(Failure const&)> on_failure);
    ~Runner() override;
    Runner(Runner const&) = delete;
    Runner& operator=(Runner const&) = delete;

    /// Ends the loop after the current call and waits for the thread.   Thread: the owner's.
    void stop();
    bool has_ended() const { return ended_.load(std::memory_order_acquire); }

private:
    void run(std::function<void(Failure const&)> const& on_failure);
    void ring() override;
    /// Sleeps until the bell rings, unless work came meanwhile.
    Result<WorkDone> nap();

    Agent& agent_;
    IdleStrategy const idle_;
    bool const has_bell_;
    std::atomic<bool> is_napping_{false};
    std::mutex mutex_;
    std::condition_variable rung_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

} // namespace kontor
