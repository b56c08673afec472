#include "bench/bench.hpp"

#include "bench/http_floor.hpp"
#include "programs/kontor/load_run.hpp"
#include "runtime/system_clock.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <sys/resource.h>

namespace kontor::bench {
namespace {

using programs::LoadLevel;
using programs::LoadMix;
using programs::LoadPlan;
using programs::LoadScript;

constexpr std::chrono::milliseconds stall_each{2000};
constexpr std::chrono::milliseconds stall_lasts{100};
constexpr double stalled_rate = 1000;
constexpr std::size_t stalled_connections = 256; ///< more than calls come in during a stall
constexpr int rounds = 5;

std::string answer_bytes() {
    return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";
}

LoadScript script_for(std::uint16_t port) {
    return {fmt::format("127.0.0.1:{}", port), "ktk_bench", "bench", {"/v1/products/A"}, {}};
}

/// As long as the script makes it; the length of the port is that of every port given out here.
std::size_t request_bytes() {
    constexpr std::uint16_t some_port = 40'000;
    Random dice(1);
    return script_for(some_port).look(dice).size();
}

std::unique_ptr<LoadLevel> run(BareResponder const& server, LoadPlan const& plan,
                               std::size_t connections, std::uint64_t seed) {
    SystemClock clock;
    auto const script = script_for(server.port());
    auto const swarm = swarm::Swarm::open({"127.0.0.1", server.port(), connections}, clock);
    KONTOR_ASSERT(swarm, "no connection: {}", to_string(swarm.error()));
    auto level = programs::LoadRun(script, clock, **swarm, Random(seed)).run(plan);
    KONTOR_ASSERT(level, "the load has ended: {}", to_string(level.error()));
    return *std::move(level);
}

double percent_off(Duration measured, double true_ms) {
    return std::abs(static_cast<double>(measured.in_microseconds()) / 1e3 / true_ms - 1) * 100;
}

/// A call that comes in during a stall waits for its end. Of all calls one in twenty does, so the
/// wait that p percent do not exceed is stall_lasts - (100 - p) % of stall_each.
double true_wait_ms(double percent) {
    return static_cast<double>(stall_lasts.count()) -
           (100 - percent) / 100 * static_cast<double>(stall_each.count());
}

void measure_truth(Report& report, BenchOptions const& options) {
    Figure p99{"p99 under a stall, off the truth of 80 ms", "%", {}, Goal::at_most, 2};
    Figure p999{"p99.9 under a stall, off the truth of 98 ms", "%", {}, Goal::at_most, 2};
    Figure late{"calls that left late, of a thousand", "", {}, Goal::at_most, 1};
    for (int round = 0; round < rounds; ++round) {
        BareResponder const server(request_bytes(), answer_bytes(), {stall_each, stall_lasts});
        LoadPlan const plan{
            stalled_rate, Duration::seconds(1),
            Duration::microseconds(static_cast<std::int64_t>(options.seconds * 1e6)),
            LoadMix::browse};
        auto const level = run(server, plan, stalled_connections,
                               options.seed + static_cast<std::uint64_t>(round));
        p99.rows.push_back(percent_off(level->all.percentile(99), true_wait_ms(99)));
        p999.rows.push_back(percent_off(level->all.percentile(99.9), true_wait_ms(99.9)));
        late.rows.push_back(static_cast<double>(level->late) * 1000 /
                            static_cast<double>(std::max<std::uint64_t>(level->asked, 1)));
    }
    p99.is_count = p999.is_count = late.is_count = true; // no matter of how fast the disk is
    report.figures.insert(report.figures.end(), {p99, p999, late});
}

/// Of processes that were started here and have ended.
double children_cpu_us() {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

struct Speed {
    double per_second{0};
    double cpu_us{0}; ///< for each call
};

constexpr std::size_t fast_connections = 64;

/// More is asked than can be answered; what is answered is the tester's own speed.
Speed own_speed(double seconds, std::uint64_t seed) {
    constexpr double too_much = 400'000;
    BareResponder const server(request_bytes(), answer_bytes());
    LoadPlan const plan{too_much, Duration{},
                        Duration::microseconds(static_cast<std::int64_t>(seconds * 1e6)),
                        LoadMix::browse};
    auto const before = this_thread_cpu_us();
    auto const level = run(server, plan, fast_connections, seed);
    auto const answers = static_cast<double>(std::max<std::uint64_t>(level->all.total(), 1));
    auto const took = seconds + static_cast<double>(level->unanswered) / too_much;
    return {answers / took, (this_thread_cpu_us() - before) / answers};
}

constexpr std::string_view rate_head = "Requests/sec:";

/// wrk, closed loop, one thread; zero where it is not installed.
Speed speed_of_wrk(double seconds) {
    if (!std::filesystem::exists("/usr/bin/wrk"))
        return {};
    auto const request = std::string("GET / HTTP/1.1\r\nHost: 127.0.0.1:40000\r\n\r\n");
    BareResponder const server(request.size(), answer_bytes());
    auto const before = children_cpu_us();
    auto const command = fmt::format("taskset -c 0 wrk -t1 -c{} -d{:.0f} http://127.0.0.1:{}/ 2>&1",
                                     fast_connections, std::max(seconds, 1.0), server.port());
    auto* const output = ::popen(command.c_str(), "r");
    KONTOR_ASSERT(output != nullptr, "no shell");
    double per_second = 0;
    for (char text[256]; std::fgets(text, sizeof text, output) != nullptr;)
        if (std::string_view const line(text); line.starts_with(rate_head)) {
            auto const number = line.substr(line.find_first_of("0123456789"));
            std::from_chars(number.data(), number.data() + number.size(), per_second);
        }
    ::pclose(output);
    auto const calls = std::max(per_second * std::max(seconds, 1.0), 1.0);
    return {per_second, (children_cpu_us() - before) / calls};
}

void measure_speed(Report& report, BenchOptions const& options) {
    auto const seconds = std::min(options.seconds, 4.0);
    Figure rate{"calls at full speed from one core", "/s", {}, Goal::at_least, 100'000};
    Figure cpu{"processor time of a call at full speed", "us", {}};
    Figure wrk_rate{"calls of wrk, closed loop", "/s", {}};
    Figure wrk_cpu{"processor time of a call of wrk", "us", {}};
    Figure share{"processor time of a call by that of wrk", "ratio", {}, Goal::at_most, 1};
    for (int round = 0; round < rounds; ++round) {
        auto const ours = own_speed(seconds, options.seed + static_cast<std::uint64_t>(round));
        rate.rows.push_back(ours.per_second);
        cpu.rows.push_back(ours.cpu_us);
        auto const theirs = speed_of_wrk(seconds);
        if (theirs.per_second == 0)
            continue;
        wrk_rate.rows.push_back(theirs.per_second);
        wrk_cpu.rows.push_back(theirs.cpu_us);
        share.rows.push_back(ours.cpu_us / theirs.cpu_us);
    }
    report.figures.insert(report.figures.end(), {rate, cpu});
    if (wrk_rate.rows.empty())
        report.notes.emplace_back("wrk: absent");
    else
        report.figures.insert(report.figures.end(), {wrk_rate, wrk_cpu, share});
}

} // namespace

Report bench_load(BenchOptions const& options) {
    Report report{
        "load",
        fmt::format("the load tester itself: {:.0f} calls a second against a responder that stalls "
                    "100 ms in every 2 s, where the truth is known; then as fast as it can against "
                    "one that does not, beside wrk; generator on processor 0, responder on 1",
                    stalled_rate),
        options.seed, options.directory};
    pin_thread_to(0);
    measure_truth(report, options);
    measure_speed(report, options);
    return report;
}

} // namespace kontor::bench
