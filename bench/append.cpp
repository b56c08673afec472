#include "bench/bench.hpp"

#include "bench/floors.hpp"
#include "bench/histogram.hpp"
#include "bench/peers.hpp"
#include "bench/phase.hpp"
#include "bench/stores.hpp"
#include "bench/zipf.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>

namespace kontor::bench {
namespace {

constexpr std::size_t stream_count = 100'000;
constexpr std::size_t event_bytes = 300;
constexpr double warm_up_seconds = 0.5;

struct Shape {
    std::size_t in_flight;   ///< commits whose answer is awaited
    std::size_t events_each; ///< events of a commit, all of one stream
};

struct Outcome {
    double events_per_second;
    double p50_us;
    double p99_us;
};

/// So many clients, each with one append in flight: as soon as its append is durable a client sends
/// the next.
class AppendLoad {
public:
    AppendLoad(ports::EventStore& store, Shape shape, std::uint64_t seed)
        : store_(store), shape_(shape), versions_(stream_count), idle_clients_(shape.in_flight) {
        Zipf zipf(stream_count, 0.99, seed);
        for (auto& stream : drawn_)
            stream = zipf.draw();
    }

    /// Goes on where the last run stopped, with nothing in flight.
    Outcome run(double seconds) {
        Phase const phase("appending");
        auto const outcome = measure(seconds);
        Histogram ignored;
        while (!waiting_.empty())
            settle(ignored);
        return outcome;
    }

    /// Since it was made; nothing is in flight between runs.
    std::uint64_t acknowledged() const { return commands_; }

private:
    using Time = std::chrono::steady_clock::time_point;

    struct Waiting {
        ports::AppendNumber append;
        std::size_t commits;
        Time sent;
    };

    Outcome measure(double seconds) {
        Histogram latencies;
        std::uint64_t events = 0;
        auto const start = std::chrono::steady_clock::now();
        auto const end = start + std::chrono::duration_cast<Time::duration>(
                                     std::chrono::duration<double>(seconds));
        for (auto now = start; now < end; now = std::chrono::steady_clock::now()) {
            if (idle_clients_ > 0)
                send(now);
            else
                wait_a_little();
            events += settle(latencies);
        }
        auto const elapsed =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return {static_cast<double>(events) / elapsed, latencies.percentile_us(50),
                latencies.percentile_us(99)};
    }

    /// All idle clients send in one append, as a desk does. When the store is full, the same batch
    /// goes again.
    void send(Time now) {
        if (batch_.empty()) {
            batch_sent_ = now;
            auto const room = ports::Batch::bytes_max / (event_bytes * shape_.events_each);
            auto const commits = std::clamp<std::size_t>(room, 1, idle_clients_);
            for (std::size_t n = 0; n < commits; ++n)
                add_commit();
        }
        auto const appended = store_.append(batch_);
        if (!appended) {
            KONTOR_ASSERT(appended.error().kind == FailureKind::full, "append: {}",
                          to_string(appended.error()));
            wait_a_little();
            return;
        }
        for (auto const& outcome : appended->outcomes)
            KONTOR_ASSERT(outcome.accepted, "an append of the only writer was refused");
        auto const commits = batch_.commits().size();
        batch_.clear();
        idle_clients_ -= commits;
        waiting_.push_back({appended->append, commits, batch_sent_});
    }

    void add_commit() {
        auto const stream = drawn_[commands_ % drawn_.size()];
        batch_.begin_commit({CommandId(Id128(1, ++commands_)), {}, {}, {}, {}});
        auto const index = batch_.add_stream(
            StreamId::of(StreamCategory::order, Id128(7, stream)),
            ports::ExpectedVersion::exactly(ports::StreamVersion(versions_[stream])));
        for (std::size_t i = 0; i < shape_.events_each; ++i) {
            batch_.buffer().resize(batch_.buffer().size() + event_bytes, 0x2a);
            batch_.add_event(index, ports::EventType(1));
        }
        versions_[stream] += shape_.events_each;
    }

    std::uint64_t settle(Histogram& latencies) {
        std::uint64_t events = 0;
        auto const durable = store_.durable();
        auto const now = std::chrono::steady_clock::now();
        while (!waiting_.empty() && waiting_.front().append <= durable.append) {
            auto const& done = waiting_.front();
            for (std::size_t i = 0; i < done.commits; ++i)
                latencies.record(now - done.sent);
            idle_clients_ += done.commits;
            events += done.commits * shape_.events_each;
            waiting_.pop_front();
        }
        return events;
    }

    ports::EventStore& store_;
    Shape shape_;
    /// Drawn beforehand: what a die costs is not what an append costs.
    std::vector<std::size_t> drawn_ = std::vector<std::size_t>(1U << 20);
    std::vector<std::uint64_t> versions_;
    ports::Batch batch_;
    Time batch_sent_{};
    std::deque<Waiting> waiting_;
    std::size_t idle_clients_;
    std::uint64_t commands_{0};
};

constexpr std::size_t rounds = 5;
constexpr double floor_seconds = 0.3;

/// What was found of one shape, a row a round; each round reads the floor first.
struct Rows {
    std::vector<double> rate;
    std::vector<double> p50;
    std::vector<double> p99;
    std::vector<double> floor_rate;
    std::vector<double> floor_p50;
    std::vector<double> disk_percent; ///< of the round, in which the writer waited for the disk
    std::vector<double> frame_us;     ///< that a frame's synced write took, in the mean
    std::uint64_t acknowledged{0};    ///< appends, warm-up included
};

/// What the log's writer waited for the disk.   Thread: any.
struct DiskTime {
    std::atomic<std::int64_t> microseconds{0};
    std::atomic<std::int64_t> frames{0};

    void add(Duration took) {
        microseconds += took.in_microseconds();
        ++frames;
    }
};

Rows measure(BenchOptions const& options, WriteFloorFile& floor_file, Shape shape) {
    auto const directory = fresh_directory(options.directory + "/append");
    Rows rows;
    {
        DiskTime disk;
        embedded::StoreOptions log_options;
        log_options.on_written = [&disk](Duration took, std::uint64_t) { disk.add(took); };
        LogUnderTest log(directory, std::move(log_options));
        log.make_ready();
        AppendLoad load(log.store(), shape, options.seed);
        load.run(warm_up_seconds);
        auto const seconds = options.seconds / rounds;
        for (std::size_t round = 0; round < rounds; ++round) {
            auto const floor = floor_file.measure(4096, floor_seconds);
            auto const before = disk.microseconds.load();
            auto const frames_before = disk.frames.load();
            auto const outcome = load.run(seconds);
            auto const waited = static_cast<double>(disk.microseconds - before);
            rows.disk_percent.push_back(waited / seconds / 1e4);
            rows.frame_us.push_back(waited / static_cast<double>(disk.frames - frames_before));
            rows.rate.push_back(outcome.events_per_second);
            rows.p50.push_back(outcome.p50_us);
            rows.p99.push_back(outcome.p99_us);
            rows.floor_rate.push_back(floor.writes_per_second);
            rows.floor_p50.push_back(floor.p50_us);
        }
        rows.acknowledged = load.acknowledged();
    }
    std::filesystem::remove_all(directory);
    return rows;
}

double measure_rate(BenchOptions const& options, Shape shape) {
    constexpr double seconds = 1;
    auto const directory = fresh_directory(options.directory + "/append");
    double rate = 0;
    {
        LogUnderTest log(directory);
        log.make_ready();
        AppendLoad load(log.store(), shape, options.seed);
        load.run(warm_up_seconds);
        rate = load.run(seconds).events_per_second;
    }
    std::filesystem::remove_all(directory);
    return rate;
}

constexpr std::array shapes{Shape{1, 1},   Shape{8, 1},  Shape{16, 1},
                            Shape{50, 1},  Shape{64, 1}, Shape{512, 1},
                            Shape{800, 1}, Shape{64, 8}, Shape{16, 1'000}};

bool is_wanted(BenchOptions const& options, Shape shape) {
    auto const name = fmt::format("{}x{}", shape.in_flight, shape.events_each);
    return options.only.empty() ||
           std::find(options.only.begin(), options.only.end(), name) != options.only.end();
}

void add(Report& report, Shape shape, Rows const& rows) {
    auto const name = shape.events_each == 1
                          ? fmt::format("appends at {} in flight", shape.in_flight)
                          : fmt::format("events in appends of {}, {} in flight", shape.events_each,
                                        shape.in_flight);
    Figure rate{name, "/s", rows.rate};
    if (shape.events_each == 1'000) {
        rate.direction = Goal::at_least;
        rate.goal = 4e6;
    }
    report.acknowledged += rows.acknowledged;
    report.figures.push_back(rate);
    report.figures.push_back({name + ", p50", "us", rows.p50});
    report.figures.push_back({name + ", p99", "us", rows.p99});
    if (shape.in_flight == 1)
        report.figures.push_back({"p50 at 1 in flight, over a synced 4 KiB write", "x",
                                  ratios(rows.p50, rows.floor_p50), Goal::at_most, 1.3});
    if (shape.in_flight == 64 && shape.events_each == 1) {
        report.figures.push_back({"rate at 64 in flight, over 64 synced 4 KiB writes", "x",
                                  ratios(rows.rate, rows.floor_rate, 64), Goal::at_least, 0.7});
        report.figures.push_back({"at 64 in flight, time in which the writer waits for the disk",
                                  "%", rows.disk_percent});
        report.figures.push_back({"at 64 in flight, a frame's synced write", "us", rows.frame_us});
    }
}

} // namespace

Report bench_append(BenchOptions const& options) {
    Report report{"append",
                  "events of 300 bytes with expected versions over 100,000 streams (Zipf 0.99), "
                  "answered when synced",
                  options.seed, options.directory};
    WriteFloorFile floor_file(options.directory);
    auto const before = floor_file.measure(4096, 1);
    auto const before_64 = floor_file.measure(std::size_t{64} << 10, 1);
    for (auto const& shape : shapes)
        if (is_wanted(options, shape))
            add(report, shape, measure(options, floor_file, shape));
    auto const after = floor_file.measure(4096, 1);
    auto const after_64 = floor_file.measure(std::size_t{64} << 10, 1);
    report.floors.push_back(
        {"F1 synced write of 4 KiB", "/s", before.writes_per_second, after.writes_per_second});
    report.floors.push_back({"F1 synced write of 64 KiB", "/s", before_64.writes_per_second,
                             after_64.writes_per_second});
    if (options.with_peers) {
        compare_with_append_peers(report, options, [&](std::size_t in_flight) {
            return measure_rate(options, Shape{in_flight, 1});
        });
        add_parity(report, options, "kontor redis rocksdb message-db emmett postgres");
    }
    return report;
}

} // namespace kontor::bench
