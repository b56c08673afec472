#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"

#include <gtest/gtest.h>

#include <atomic>

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
