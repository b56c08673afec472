#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <sys/syscall.h>
#include <unistd.h>

namespace kontor {
namespace {

class CountingAgent final : public Agent {
public:
    explicit CountingAgent(std::size_t calls_until_failure) : left_(calls_until_failure) {}
    std::string_view name() const override { return "counting"; }
    Result<WorkDone> do_work(WorkBudget) override {
        ++calls;
        if (left_-- == 0)
            return unexpected(Failure{FailureKind::broken, "the disk is gone"});
        return WorkDone{left_ % 2};
    }
    std::atomic<std::size_t> calls{0};

private:
    std::size_t left_;
};

TEST(Runner, an_agents_failure_ends_it_and_is_reported) {
    CountingAgent agent(10);
    std::atomic<bool> failed{false};
    Runner runner(agent, {},
                  [&](Failure const& failure) { failed = failure.kind == FailureKind::broken; });
    while (!runner.has_ended())
        std::this_thread::yield();
    EXPECT_TRUE(failed);
    EXPECT_EQ(agent.calls, 11u);
}

TEST(Runner, stops_when_told) {
    CountingAgent agent(std::size_t(-1));
    Runner runner(agent, {}, [](Failure const&) {});
    while (agent.calls < 5)
        std::this_thread::yield();
    runner.stop();
    EXPECT_TRUE(runner.has_ended());
}

/// Does what was brought, and counts how often it was asked.
class ListeningAgent final : public Agent {
public:
    std::string_view name() const override { return "listening"; }
    Result<WorkDone> do_work(WorkBudget) override {
        ++calls;
        auto const work = brought_.exchange(0);
        done += work;
        return WorkDone{work};
    }
    bool listen(Bell* bell) override {
        bell_ = bell;
        return true;
    }
    void bring() {
        ++brought_;
        bell_->ring();
    }
    bool has_bell() const { return bell_ != nullptr; }

    std::atomic<std::size_t> calls{0};
    std::atomic<std::size_t> done{0};

private:
    std::atomic<std::size_t> brought_{0};
    Bell* bell_{nullptr};
};

/// Never wakes by itself.
constexpr IdleStrategy sound_sleep{2, {}, {}, Duration::seconds(3'600)};

TEST(Runner, a_bell_wakes_an_agent_however_it_falls_asleep) {
    ListeningAgent agent;
    Runner runner(agent, sound_sleep, [](Failure const&) {});
    for (std::size_t n = 1; n <= 20'000; ++n) {
        agent.bring();
        while (agent.done < n)
            std::this_thread::yield();
    }
}

TEST(Runner, an_agent_beside_a_bell_is_left_alone_until_it_rings) {
    ListeningAgent agent;
    Runner runner(agent, sound_sleep, [](Failure const&) {});
    agent.bring();
    while (agent.done == 0)
        std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_LT(agent.calls, 20u);
}

TEST(Runner, wakes_a_sleeping_agent_to_stop_and_takes_its_bell_back) {
    ListeningAgent agent;
    {
        Runner runner(agent, sound_sleep, [](Failure const&) {});
        while (agent.calls < 4)
            std::this_thread::yield();
        EXPECT_TRUE(agent.has_bell());
    }
    EXPECT_FALSE(agent.has_bell());
}

/// Notes how long a slice of the processor its thread has.
class SlicedAgent final : public Agent {
public:
    explicit SlicedAgent(bool awaited) : awaited_(awaited) {}
    std::string_view name() const override { return "sliced"; }
    bool is_awaited() const override { return awaited_; }
    Result<WorkDone> do_work(WorkBudget) override {
        std::array<std::uint64_t, 6> attributes{}; // the fourth is the slice, in nanoseconds
        if (::syscall(SYS_sched_getattr, 0, attributes.data(), sizeof attributes, 0) == 0)
            slice_ns = attributes[3];
        has_looked = true;
        return WorkDone{0};
    }
    std::atomic<std::uint64_t> slice_ns{0};
    std::atomic<bool> has_looked{false};

private:
    bool awaited_;
};

TEST(Runner, an_agent_that_all_wait_for_need_not_wait_for_the_processor) {
    SlicedAgent awaited(true);
    SlicedAgent other(false);
    {
        Runner const first(awaited, {}, [](Failure const&) {});
        Runner const second(other, {}, [](Failure const&) {});
        while (!awaited.has_looked || !other.has_looked)
            std::this_thread::yield();
    }
    if (other.slice_ns == 0)
        GTEST_SKIP() << "this system knows no slices of its own for a thread";
    EXPECT_LT(awaited.slice_ns, other.slice_ns);
}

TEST(ShopTime, follows_a_clock_that_is_corrected_and_none_that_jumps) {
    auto const noon = to_instant({2026, 1, 1, 12}).value();
    ShopTime time({}, {noon, {}});
    auto const after = [&](Duration passed, Duration wall_is_ahead) {
        return time.at({noon + passed + wall_is_ahead, passed}) - (noon + passed);
    };
    EXPECT_EQ(after(Duration::hours(1), Duration::seconds(50)), Duration::seconds(50));
    for (auto const jump : {Duration::hours(24), Duration::hours(-24), Duration::minutes(3)}) {
        EXPECT_EQ(after(Duration::hours(2), jump), Duration::seconds(50));
        EXPECT_EQ(time.refused_jump(), jump - Duration::seconds(50));
    }
    EXPECT_EQ(after(Duration::hours(3), Duration::seconds(40)), Duration::seconds(40));
    EXPECT_EQ(time.refused_jump(), Duration());
}

TEST(ShopTime, stands_after_a_start_with_a_clock_that_runs_behind_the_log) {
    auto const noon = to_instant({2026, 1, 1, 12}).value();
    ShopTime time(noon, {noon - Duration::hours(5), {}});
    EXPECT_EQ(time.at({noon - Duration::hours(1), Duration::hours(4)}), noon);
    EXPECT_EQ(time.at({noon + Duration::hours(1), Duration::hours(6)}), noon + Duration::hours(1));
}

TEST(SystemClock, never_runs_behind_the_last_recorded_time) {
    auto const future = to_instant({2200, 1, 1}).value();
    SystemClock clock(future);
    EXPECT_GE(clock.now(), future);
    SystemClock today;
    auto const first = today.now();
    EXPECT_GE(today.now(), first);
    EXPECT_EQ(today.refused_jump(), Duration());
}

} // namespace
} // namespace kontor
