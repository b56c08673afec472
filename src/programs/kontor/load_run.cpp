#include "programs/kontor/load_run.hpp"

#include "programs/kontor/interrupt.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kontor::programs {
namespace {

constexpr Duration run_look_every = Duration::milliseconds(5);
constexpr Duration late_answers = Duration::seconds(10);
constexpr Duration late_from = Duration::milliseconds(1);
constexpr std::int64_t us_per_second = 1'000'000;

constexpr std::uint16_t placed_status = 201;
constexpr std::uint16_t batch_status = 207;

bool is_failure(std::uint16_t status) {
    return status == 0 || status >= 500;
}

std::uint64_t units_of(std::uint32_t kind, LoadPlan const& plan) {
    return kind == static_cast<std::uint32_t>(LoadKind::batch) ? plan.batch : 1;
}

/// The status of each order of a batch, as its answer tells them. What opens a result stands in no
/// problem, which begins with its type.
std::vector<std::uint16_t> statuses_in(std::string_view body) {
    constexpr std::string_view opens = R"({"status":)";
    std::vector<std::uint16_t> statuses;
    for (auto at = body.find(opens); at != std::string_view::npos; at = body.find(opens, at)) {
        at += opens.size();
        std::uint16_t status = 0;
        std::from_chars(body.data() + at, body.data() + body.size(), status);
        statuses.push_back(status);
    }
    return statuses;
}

/// A status for each order or look of a request; an order that a batch says nothing of failed.
std::vector<std::uint16_t> statuses_of(swarm::SwarmAnswer const& answer, std::uint64_t units) {
    auto statuses = units > 1 && answer.status == batch_status
                        ? statuses_in(answer.body)
                        : std::vector<std::uint16_t>(units, answer.status);
    statuses.resize(units, 0);
    return statuses;
}

} // namespace

LoadDraw draw_of(LoadPlan const& plan) {
    constexpr std::uint64_t fifths = 5;
    constexpr std::uint64_t hundred = 100;
    std::uint64_t const orders = plan.mix == LoadMix::orders ? fifths
                                 : plan.mix == LoadMix::shop ? 1
                                                             : 0;
    LoadDraw draw;
    draw.looks = (fifths - orders) * hundred * plan.batch;
    draw.orders = orders * (hundred - plan.batched_percent) * plan.batch;
    draw.batches = orders * plan.batched_percent;
    draw.sides = draw.looks + draw.orders + draw.batches;
    draw.requests_per_second = plan.rate * static_cast<double>(draw.sides) /
                               static_cast<double>(fifths * hundred * plan.batch);
    return draw;
}

std::uint64_t LoadLevel::failures() const {
    auto sum = unanswered;
    for (auto const& [status, count] : statuses)
        sum += is_failure(status) ? count : 0;
    return sum;
}

double LoadLevel::answered_per_second() const {
    return static_cast<double>(answered) * us_per_second /
           static_cast<double>(std::max<std::int64_t>(plan.counted.in_microseconds(), 1));
}

std::uint64_t LoadLevel::accepted() const {
    auto const found = statuses.find(placed_status);
    return found == statuses.end() ? 0 : found->second;
}

Result<std::unique_ptr<LoadLevel>> LoadRun::run(LoadPlan const& plan) {
    auto level = std::make_unique<LoadLevel>();
    level->plan = plan;
    level->seconds.resize(
        static_cast<std::size_t>((plan.counted.in_microseconds() - 1) / us_per_second + 1));
    auto const draw = draw_of(plan);
    open_ = 0;
    auto const begun = clock_.monotonic();
    auto const from = begun + plan.warm_up;
    auto const until = from + plan.counted;
    for (auto next = begun; next < until && !was_interrupted();) {
        for (auto const now = clock_.monotonic(); next <= now && next < until;
             next = next + pause(draw.requests_per_second)) {
            swarm_.ask(call_at(next, draw, plan.batch));
            level->asked += next >= from ? 1 : 0;
            level->late += next >= from && now - next > late_from ? 1 : 0;
        }
        KONTOR_TRY(swarm_.turn(std::min(next - clock_.monotonic(), run_look_every), answers_));
        take_answers(*level, from);
    }
    auto const last = clock_.monotonic() + late_answers;
    while (swarm_.waiting() + swarm_.under_way() > 0 && clock_.monotonic() < last) {
        KONTOR_TRY(swarm_.turn(run_look_every, answers_));
        take_answers(*level, from);
    }
    level->unanswered = open_;
    return level;
}

/// Callers come by chance, and none waits for another: the time between two is exponential.
Duration LoadRun::pause(double rate) {
    constexpr std::uint64_t sides = 1U << 30;
    auto const u = static_cast<double>(dice_.below(sides) + 1) / static_cast<double>(sides);
    return Duration::microseconds(std::max<std::int64_t>(
        static_cast<std::int64_t>(-std::log(u) * static_cast<double>(us_per_second) / rate), 0));
}

swarm::SwarmCall LoadRun::call_at(Duration meant_at, LoadDraw const& draw, std::size_t batch) {
    auto const side = dice_.below(draw.sides);
    if (side < draw.looks) {
        ++open_;
        return {meant_at, script_.look(dice_), static_cast<std::uint32_t>(LoadKind::look)};
    }
    auto const first = orders_ + 1;
    bool const is_batch = side >= draw.looks + draw.orders;
    auto const count = is_batch ? batch : 1;
    orders_ += count;
    open_ += count;
    if (is_batch)
        return {meant_at, script_.batch(dice_, first, count),
                static_cast<std::uint32_t>(LoadKind::batch)};
    return {meant_at, script_.order(dice_, first), static_cast<std::uint32_t>(LoadKind::order)};
}

void LoadRun::take_answers(LoadLevel& level, Duration from) {
    for (auto const& answer : answers_) {
        auto const units = units_of(answer.kind, level.plan);
        open_ -= std::min(open_, units);
        if (answer.meant_at < from)
            continue;
        auto const took = answer.answered_at - answer.meant_at;
        level.all.record(took);
        level.by_kind[answer.kind].record(took);
        level.waited.record(answer.sent_at - answer.meant_at);
        level.answered += units;
        auto& second = level.seconds[std::min(
            level.seconds.size() - 1,
            static_cast<std::size_t>((answer.meant_at - from).in_microseconds() / us_per_second))];
        second.answers += units;
        for (auto const status : statuses_of(answer, units)) {
            ++level.statuses[status];
            second.failures += is_failure(status) ? 1 : 0;
        }
        second.slowest = std::max(second.slowest, took);
    }
    answers_.clear();
}

} // namespace kontor::programs
