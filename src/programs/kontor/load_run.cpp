#include "programs/kontor/load_run.hpp"

#include "programs/kontor/interrupt.hpp"

#include <algorithm>
#include <cmath>

namespace kontor::programs {
namespace {

constexpr Duration look_every = Duration::milliseconds(5);
constexpr Duration late_answers = Duration::seconds(10);
constexpr Duration late_from = Duration::milliseconds(1);
constexpr std::int64_t us_per_second = 1'000'000;

bool is_failure(std::uint16_t status) {
    return status == 0 || status >= 500;
}

} // namespace

std::uint64_t LoadLevel::failures() const {
    auto sum = unanswered;
    for (auto const& [status, count] : statuses)
        sum += is_failure(status) ? count : 0;
    return sum;
}

double LoadLevel::answered_per_second() const {
    return static_cast<double>(all.total()) * us_per_second /
           static_cast<double>(std::max<std::int64_t>(plan.counted.in_microseconds(), 1));
}

Result<std::unique_ptr<LoadLevel>> LoadRun::run(LoadPlan const& plan) {
    auto level = std::make_unique<LoadLevel>();
    level->plan = plan;
    level->seconds.resize(
        static_cast<std::size_t>((plan.counted.in_microseconds() - 1) / us_per_second + 1));
    auto const begun = clock_.monotonic();
    auto const from = begun + plan.warm_up;
    auto const until = from + plan.counted;
    for (auto next = begun; next < until && !was_interrupted();) {
        for (auto const now = clock_.monotonic(); next <= now && next < until;
             next = next + pause(plan.rate)) {
            swarm_.ask(call_at(next, plan.mix));
            level->asked += next >= from ? 1 : 0;
            level->late += next >= from && now - next > late_from ? 1 : 0;
        }
        KONTOR_TRY(swarm_.turn(std::min(next - clock_.monotonic(), look_every), answers_));
        take_answers(*level, from);
    }
    auto const last = clock_.monotonic() + late_answers;
    while (swarm_.waiting() + swarm_.under_way() > 0 && clock_.monotonic() < last) {
        KONTOR_TRY(swarm_.turn(look_every, answers_));
        take_answers(*level, from);
    }
    level->unanswered = swarm_.waiting() + swarm_.under_way();
    return level;
}

/// Callers come by chance, and none waits for another: the time between two is exponential.
Duration LoadRun::pause(double rate) {
    constexpr std::uint64_t sides = 1U << 30;
    auto const u = static_cast<double>(dice_.below(sides) + 1) / static_cast<double>(sides);
    return Duration::microseconds(std::max<std::int64_t>(
        static_cast<std::int64_t>(-std::log(u) * static_cast<double>(us_per_second) / rate), 0));
}

swarm::SwarmCall LoadRun::call_at(Duration meant_at, LoadMix mix) {
    bool const orders = mix == LoadMix::orders || (mix == LoadMix::shop && dice_.chance(1, 5));
    if (orders)
        return {meant_at, script_.order(dice_, ++orders_),
                static_cast<std::uint32_t>(LoadKind::order)};
    return {meant_at, script_.look(dice_), static_cast<std::uint32_t>(LoadKind::look)};
}

void LoadRun::take_answers(LoadLevel& level, Duration from) {
    for (auto const& answer : answers_) {
        if (answer.meant_at < from)
            continue;
        auto const took = answer.answered_at - answer.meant_at;
        level.all.record(took);
        level.by_kind[answer.kind].record(took);
        level.waited.record(answer.sent_at - answer.meant_at);
        ++level.statuses[answer.status];
        auto& second = level.seconds[std::min(
            level.seconds.size() - 1,
            static_cast<std::size_t>((answer.meant_at - from).in_microseconds() / us_per_second))];
        ++second.answers;
        second.failures += is_failure(answer.status) ? 1 : 0;
        second.slowest = std::max(second.slowest, took);
    }
    answers_.clear();
}

} // namespace kontor::programs
