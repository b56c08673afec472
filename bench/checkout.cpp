#include "bench/bench.hpp"

#include "bench/checkout_load.hpp"
#include "bench/drains.hpp"
#include "bench/floors.hpp"
#include "bench/judges.hpp"
#include "bench/peers.hpp"
#include "bench/phase.hpp"
#include "services/views/models.hpp"
#include "tests/support/shop_sums.hpp"

#include <fmt/core.h>
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <thread>

namespace kontor::bench {
namespace {

constexpr std::size_t rounds = 5;
constexpr std::size_t pairs = 3;
constexpr std::array loads{25, 50, 75, 90}; ///< percent of the rate that was measured
constexpr int half_load = 50;

using Clock = std::chrono::steady_clock;

void sleep_for(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// Processor time of the whole process so far, in seconds.
double cpu_seconds() {
    struct rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// As many orders as come through, so many always in flight. Returns the rate.
double measure_rate(Report& report, CheckoutLoad& load, double seconds) {
    Figure rate{"completed orders", "/s", {}, Goal::at_least, 100'000};
    Figure cpu{"processor time an order, all threads", "us", {}};
    load.demand({Demand::Loop::closed});
    sleep_for(std::min(1.0, seconds / 4));
    for (std::size_t round = 0; round < rounds; ++round) {
        auto const start = Clock::now();
        auto const before = load.completed();
        auto const cpu_before = cpu_seconds();
        sleep_for(seconds / rounds);
        auto const completed = static_cast<double>(load.completed() - before);
        auto const elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        rate.rows.push_back(completed / elapsed);
        cpu.rows.push_back((cpu_seconds() - cpu_before) * 1e6 / std::max(completed, 1.0));
    }
    report.figures.push_back(rate);
    report.figures.push_back(
        {"completed orders, second goal", "/s", rate.rows, Goal::at_least, 250'000});
    report.figures.push_back(cpu);
    return median(rate.rows);
}

/// How long orders take from intended placing to completion, in open loop at shares of that rate.
void measure_latencies(Report& report, CheckoutLoad& load, double rate, double seconds) {
    for (auto const percent : loads) {
        auto const wanted = rate * percent / 100;
        load.demand({Demand::Loop::none});
        sleep_for(0.5); // what was in flight is done
        load.demand({Demand::Loop::open, wanted});
        sleep_for(std::min(1.0, seconds / 4));
        load.take_latencies();
        auto const before = load.completed();
        auto const start = Clock::now();
        sleep_for(seconds);
        auto const latencies = load.take_latencies();
        auto const done = static_cast<double>(load.completed() - before) /
                          std::chrono::duration<double>(Clock::now() - start).count();
        for (auto const& [name, percentile] :
             {std::pair{"p50", 50.0}, {"p90", 90.0}, {"p99", 99.0}, {"p99.9", 99.9}}) {
            Figure figure{fmt::format("completion {} at {} % load", name, percent),
                          "ms",
                          {latencies.percentile_us(percentile) / 1'000}};
            if (percent == half_load && percentile == 50.0) {
                figure.direction = Goal::at_most;
                figure.goal = 5;
            }
            report.figures.push_back(std::move(figure));
        }
        report.notes.push_back(fmt::format("at {} % load: {:.0f} orders/s wanted, {:.0f} done",
                                           percent, wanted, done));
    }
}

/// The rows that followed the log while it grew are those of a fold from its beginning. What is
/// asked of people has none left when all orders have ended.
void check_models(Report& report, CheckoutLoad& load, ports::EventStore& store) {
    std::string names;
    std::size_t with_rows = 0;
    Phase const phase("fresh.fold");
    for (auto const& [name, live] : load.models()) {
        projections::Fold fresh(services::views::find_model(name)->make());
        auto const until = store.durable().position;
        while (fresh.position() < until)
            must(fresh.follow(store, ports::Limit(4096), until));
        KONTOR_ASSERT(live->position() == until, "the read model {} stands at {} and not at {}",
                      name, live->position().value(), until.value());
        KONTOR_ASSERT(live->digest_in_memory() == fresh.digest_in_memory(),
                      "the read model {} in memory is not what a fresh fold makes of the log",
                      name);
        with_rows += fresh.digest_in_memory() == ports::RowDigest() ? 0 : 1;
        names += (names.empty() ? "" : ", ") + name;
    }
    KONTOR_ASSERT(with_rows >= 2, "{} read models have rows", with_rows);
    report.notes.push_back("equal to a fresh fold at the end, in memory and in SQLite: " + names);
}

void measure_drains(Report& report, CheckoutLoad& load, DrainedModels& models, DrainedTree& tree,
                    testing::ShopSums const& sums) {
    auto const events = static_cast<double>(sums.events - checkout_skus);
    report.figures.push_back({"orders into SQLite, the drain of five read models",
                              "/s",
                              {static_cast<double>(sums.placed) / models.drain()},
                              Goal::at_least,
                              140'000});
    report.figures.push_back({"events into the audit tree, its drain",
                              "/s",
                              {events / tree.drain()},
                              Goal::at_least,
                              2'000'000});
    for (auto const& [name, live] : load.models())
        KONTOR_ASSERT(models.digest_of(name) == live->digest_in_memory(),
                      "the read model {} in SQLite is not what it is in memory", name);
}

void check_sums(Report& report, testing::ShopSums const& sums) {
    KONTOR_ASSERT(sums.agree(),
                  "{} placed {} completed, {} total {} captured, {} ordered {} reserved {} issued",
                  sums.placed, sums.completed.size(), sums.total, sums.captured, sums.ordered,
                  sums.reserved, sums.issued);
    report.acknowledged = sums.placed;
    report.figures.push_back(
        {"events an order",
         "",
         {static_cast<double>(sums.events - checkout_skus) / static_cast<double>(sums.placed)}});
    report.notes.push_back(
        fmt::format("{} orders, {} events: every order completed, money and units add up",
                    sums.placed, sums.events));
}

/// Completed orders a second, with the time until everybody behind them is done, too.
double rate_to_the_end(BenchOptions const& options, Messaging messaging) {
    auto const directory = fresh_directory(options.directory + "/checkout-queues");
    double rate = 0;
    {
        LogUnderTest log(directory + "/log");
        CheckoutLoad load(log, options.seed, FollowingModels::three, messaging);
        auto const start = Clock::now();
        load.demand({Demand::Loop::closed});
        sleep_for(options.seconds / 2);
        load.come_to_rest();
        auto const elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        rate = static_cast<double>(load.completed()) / elapsed;
        load.finish();
        auto const letters = load.letters();
        bool const is_served = messaging == Messaging::none || letters >= 2 * load.completed();
        KONTOR_ASSERT(is_served, "{} orders and {} letters: the services had no work",
                      load.completed(), letters);
        judge(log.store());
    }
    std::filesystem::remove_all(directory);
    return rate;
}

/// A B B A A B: what the machine does meanwhile hits both.
void compare_with_queues(Report& report, BenchOptions const& options) {
    Figure without{"completed orders, to the end, without bus", "/s", {}};
    Figure with{"completed orders, to the end, services on their queues", "/s", {}};
    Figure share{"orders kept with services on their queues", "%", {}, Goal::at_least, 80};
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        if (pair % 2 == 0)
            without.rows.push_back(rate_to_the_end(options, Messaging::none));
        with.rows.push_back(rate_to_the_end(options, Messaging::bus_and_queues));
        if (pair % 2 == 1)
            without.rows.push_back(rate_to_the_end(options, Messaging::none));
        share.rows.push_back(100 * with.rows.back() / without.rows.back());
    }
    report.figures.push_back(std::move(without));
    report.figures.push_back(std::move(with));
    report.figures.push_back(std::move(share));
}

/// The same flow on Emmett, right after ours. Its runs cannot lie between ours, for a shop that
/// sold for a minute is what is measured here.
void compare_with_emmett(Report& report, BenchOptions const& options, double ours) {
    Peer emmett("emmett-checkout", options);
    Figure theirs{"", "/s", {}};
    Figure ratio{"ours over emmett's orders", "x", {}};
    for (std::size_t round = 0; round < rounds; ++round) {
        auto const rate = emmett.run({16, 1, 3});
        if (!rate) {
            report.notes.push_back("emmett's orders: absent, " + emmett.absent());
            return;
        }
        theirs.rows.push_back(*rate);
        ratio.rows.push_back(ours / *rate);
    }
    theirs.name = fmt::format("emmett's orders, 16 in flight ({})", emmett.settings());
    report.figures.push_back(std::move(theirs));
    report.figures.push_back(std::move(ratio));
}

} // namespace

Report bench_checkout(BenchOptions const& options) {
    Report report{"checkout",
                  "orders of 3 lines over 10,000 SKUs (Zipf 0.9), 100,000 customers, placed to "
                  "completed, 4,096 in flight, sandbox payments, every answer durable, three read "
                  "models in memory; then in open loop at shares of that rate, times from the "
                  "moment an order was to be placed; read models in SQLite and the audit tree "
                  "stand still meanwhile and are drained at the end",
                  options.seed, options.directory};
    auto const hash_before = measure_hash_floor(0.5);
    auto const before = measure_write_floor(options.directory, std::size_t{64} << 10, 1);
    auto const directory = fresh_directory(options.directory + "/checkout");
    double rate = 0;
    {
        LogUnderTest log(directory + "/log");
        CheckoutLoad load(log, options.seed, FollowingModels::three);
        DrainedModels models(log, directory + "/views");
        DrainedTree tree(log, directory);
        rate = measure_rate(report, load, options.seconds);
        measure_latencies(report, load, rate, options.seconds / 2);
        load.finish();
        auto const sums = testing::sum_up(log.store());
        check_sums(report, sums);
        report.notes.push_back(judge(log.store()));
        measure_drains(report, load, models, tree, sums);
        check_models(report, load, log.store());
    }
    compare_with_queues(report, options);
    auto const after = measure_write_floor(options.directory, std::size_t{64} << 10, 1);
    report.floors.push_back(
        {"F1 synced write of 64 KiB", "/s", before.writes_per_second, after.writes_per_second});
    report.floors.push_back(
        {"F5 find in a hash table of a million", "ns", hash_before, measure_hash_floor(0.5)});
    std::filesystem::remove_all(directory);
    if (options.with_peers) {
        compare_with_emmett(report, options, rate);
        add_parity(report, options, "kontor-checkout");
    }
    return report;
}

} // namespace kontor::bench
