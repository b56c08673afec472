#include "bench/bench.hpp"

#include "bench/floors.hpp"
#include "bench/histogram.hpp"
#include "bench/stores.hpp"

#include "platform/messaging/hosting/queue_journal.hpp"
#include "tests/support/secret_dice.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <thread>

namespace kontor::bench {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t body_bytes = 300;
constexpr std::size_t in_flight = 512;
constexpr std::size_t batch = 128; ///< messages of a call; four calls are in flight
constexpr std::size_t rounds = 5;
constexpr double warm_up_seconds = 0.5;
constexpr double floor_seconds = 0.3;

struct Shape {
    std::string_view name;
    std::size_t groups; ///< 0: a standard queue
};
constexpr std::array shapes{Shape{"standard", 0}, Shape{"fifo1", 1}, Shape{"fifo1000", 1000}};

struct Outcome {
    double messages_per_second;
    double p50_us;
    double p99_us;
};

/// Messages that are sent, received once that is durable, and settled: each counts when its
/// settlement is durable. One thread asks and decides, as a desk does; the log has its own.
class QueueLoad {
public:
    QueueLoad(ports::EventStore& store, Shape shape)
        : shape_(shape), queues_(store, clock_, secrets_),
          name_(shape.groups == 0 ? "work" : "work.fifo"), messages_(batch) {
        auto const kind = shape.groups == 0 ? ports::QueueKind::standard : ports::QueueKind::fifo;
        auto const made = queues_.admin().create(name_, kind, {}, ports::QueueOwner::caller);
        KONTOR_ASSERT(made.has_value(), "{}", ports::what_of(made.error()));
        for (auto& message : messages_)
            message.body.assign(body_bytes, 'x');
    }

    Outcome run(double seconds) {
        Histogram latencies;
        std::uint64_t done = 0;
        auto const start = std::chrono::steady_clock::now();
        auto const end = start + std::chrono::duration_cast<Time::duration>(
                                     std::chrono::duration<double>(seconds));
        auto now = start;
        for (; now < end; now = std::chrono::steady_clock::now())
            done += turn(now, true, latencies);
        auto const elapsed = std::chrono::duration<double>(now - start).count();
        Histogram ignored;
        while (!calls_.empty())
            turn(std::chrono::steady_clock::now(), false, ignored);
        return {static_cast<double>(done) / elapsed, latencies.percentile_us(50),
                latencies.percentile_us(99)};
    }
    /// How many messages the queue still has.
    std::uint64_t left() {
        auto const depth = queues_.queue().depth(name_);
        KONTOR_ASSERT(depth && ports::is_conserved(*depth), "the queue does not conserve");
        return depth->sent - depth->settled;
    }

private:
    struct Call {
        ports::QueueMark mark;
        Time sent;
        bool is_settled{false};
    };

    std::uint64_t turn(Time now, bool sends, Histogram& latencies) {
        bool did = false;
        if (sends && calls_.size() * batch < in_flight)
            did = send(now);
        auto const worked = queues_.do_work({100});
        KONTOR_ASSERT(worked.has_value(), "{}", to_string(worked.error()));
        auto const durable = queues_.progress().durable();
        std::uint64_t done = 0;
        for (auto& call : calls_)
            if (!call.is_settled && call.mark <= durable)
                did = take(call) || did;
        while (!calls_.empty() && calls_.front().is_settled && calls_.front().mark <= durable) {
            for (std::size_t i = 0; i < batch; ++i)
                latencies.record(now - calls_.front().sent);
            done += batch;
            calls_.pop_front();
        }
        if (!did && done == 0)
            wait_a_little();
        return done;
    }

    bool send(Time now) {
        if (shape_.groups > 0)
            for (auto& message : messages_) {
                message.deduplication_id = fmt::format("id-{}", numbers_);
                message.group_id = fmt::format("group-{}", numbers_ % shape_.groups);
                ++numbers_;
            }
        auto const sent = queues_.queue().send(name_, {}, messages_);
        if (!sent)
            return false; // the disk is behind
        calls_.push_back({sent->mark, now});
        return true;
    }

    /// Receives as many as the call sent, and settles them.
    bool take(Call& call) {
        settlements_.clear();
        auto const received = queues_.queue().receive(name_, {batch, Duration::minutes(5), {}});
        KONTOR_ASSERT(received.has_value(), "{}", ports::what_of(received.error()));
        KONTOR_ASSERT(received->messages.size() == batch, "{} of {} messages came",
                      received->messages.size(), batch);
        for (auto const& message : received->messages) {
            KONTOR_ASSERT(message.body.size() == body_bytes, "a body of {} bytes",
                          message.body.size());
            settlements_.push_back({message.receipt, ports::Ending::done, {}});
        }
        auto const settled = queues_.queue().settle(name_, settlements_);
        KONTOR_ASSERT(settled.has_value(), "{}", ports::what_of(settled.error()));
        call.mark = settled->mark;
        call.is_settled = true;
        return true;
    }

    Shape const shape_;
    SystemClock clock_;
    testing::SecretDice secrets_;
    hosting::JournaledQueues queues_;
    ports::QueueName const name_;
    std::vector<ports::OutgoingMessage> messages_;
    std::vector<ports::Settlement> settlements_;
    std::deque<Call> calls_;
    std::uint64_t numbers_{0};
};

struct Rows {
    std::vector<double> rate;
    std::vector<double> p50;
    std::vector<double> p99;
};

Rows measure(BenchOptions const& options, WriteFloorFile& floor_file, Shape shape,
             std::vector<double>& floors) {
    auto const directory = fresh_directory(options.directory + "/queue");
    Rows rows;
    {
        LogUnderTest log(directory);
        QueueLoad load(log.store(), shape);
        load.run(warm_up_seconds);
        for (std::size_t round = 0; round < rounds; ++round) {
            floors.push_back(
                floor_file.measure(std::size_t{64} << 10, floor_seconds).writes_per_second);
            auto const outcome = load.run(options.seconds / rounds);
            rows.rate.push_back(outcome.messages_per_second);
            rows.p50.push_back(outcome.p50_us);
            rows.p99.push_back(outcome.p99_us);
        }
        KONTOR_ASSERT(load.left() == 0, "{} messages were never settled", load.left());
    }
    std::filesystem::remove_all(directory);
    return rows;
}

bool is_wanted(BenchOptions const& options, Shape shape) {
    return options.only.empty() ||
           std::find(options.only.begin(), options.only.end(), shape.name) != options.only.end();
}

double middle(std::vector<double> rows) {
    return median(std::move(rows));
}

} // namespace

Report bench_queue(BenchOptions const& options) {
    Report report{"queue",
                  "messages of 300 bytes sent, received and settled in process, each step durable, "
                  "512 in flight in calls of 128",
                  options.seed, options.directory};
    WriteFloorFile floor_file(options.directory);
    auto const before = floor_file.measure(std::size_t{64} << 10, 1);
    std::vector<double> floors;
    double standard = 0;
    for (auto const& shape : shapes) {
        if (!is_wanted(options, shape))
            continue;
        auto const rows = measure(options, floor_file, shape, floors);
        auto const name = std::string(shape.name);
        Figure rate{name + ": messages, durable", "/s", rows.rate};
        if (shape.groups == 0) {
            rate.direction = Goal::at_least;
            rate.goal = 1e6;
            standard = middle(rows.rate);
        }
        report.figures.push_back(rate);
        report.figures.push_back({name + ": sent to settled, p50", "us", rows.p50});
        report.figures.push_back({name + ": sent to settled, p99", "us", rows.p99});
        if (shape.groups == 1000 && standard > 0)
            report.figures.push_back({"FIFO with 1,000 groups over standard",
                                      "x",
                                      {middle(rows.rate) / standard},
                                      Goal::at_least,
                                      0.8});
    }
    auto const after = floor_file.measure(std::size_t{64} << 10, 1);
    report.floors.push_back(
        {"F1 synced write of 64 KiB", "/s", before.writes_per_second, after.writes_per_second});
    return report;
}

} // namespace kontor::bench
