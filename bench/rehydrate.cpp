#include "bench/bench.hpp"

#include "base/random.hpp"
#include "bench/floors.hpp"
#include "bench/peers.hpp"
#include "bench/phase.hpp"
#include "bench/shelf_facts.hpp"
#include "bench/stores.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>

namespace kontor::bench {
namespace {

constexpr std::size_t stream_count = 20'000;
constexpr std::uint64_t events_each = 50;
constexpr std::size_t rounds = 5;

using Shelf = services::StockItems;

embedded::StoreOptions with_all_in_memory() {
    embedded::StoreOptions options;
    options.limits.window_bytes = std::uint64_t{1} << 30;
    return options;
}

/// Every stream gets its first fact, then every stream its second, and so on.
void write_interleaved(LogUnderTest& log) {
    Shelves shelves(stream_count);
    ports::Batch batch;
    ports::AppendNumber last{};
    std::uint64_t commands = 0;
    for (std::uint64_t version = 1; version <= events_each; ++version)
        for (std::size_t n = 0; n < stream_count; ++n) {
            batch.begin_commit({CommandId(Id128(2, ++commands)), {}, {}, {}, {}});
            shelves.add_next(batch, n);
            if (batch.commits().size() < 500)
                continue;
            last = append_in_time(log, batch);
            batch.clear();
        }
    log.drain(last);
}

std::uint64_t load_and_fold(ports::EventStore& store, StreamId const& stream) {
    auto state = Shelf::Fold::initial();
    std::uint64_t version = 0;
    for (;;) {
        auto const page =
            must(store.read_stream(stream, ports::StreamVersion(version + 1), ports::Limit(256)));
        if (page.empty())
            break;
        for (auto const& event : page.events)
            state = Shelf::Fold::evolve(std::move(state),
                                        must(Shelf::decode(event.type, event.payload)));
        version = page.events.back().version.value();
        if (page.events.size() < 256)
            break;
    }
    KONTOR_ASSERT(std::get<stock::Item>(state).on_hand.value() == units_on_hand(version),
                  "a fold at version {} came to something else", version);
    return version;
}

std::vector<std::size_t> shuffled(std::uint64_t seed) {
    Random random(seed);
    std::vector<std::size_t> order(stream_count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

/// Loads a second, going through the streams in a random order until the time is up.
double measure_loads(ports::EventStore& store, std::vector<StreamId> const& streams,
                     std::uint64_t seed, double seconds) {
    auto const order = shuffled(seed);
    std::uint64_t loads = 0;
    auto const start = std::chrono::steady_clock::now();
    double elapsed = 0;
    do {
        for (int some = 0; some < 16; ++some, ++loads) {
            auto const version = load_and_fold(store, streams[order[loads % stream_count]]);
            KONTOR_ASSERT(version == events_each, "a stream of {} events", version);
        }
        elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    } while (elapsed < seconds);
    return static_cast<double>(loads) / elapsed;
}

std::vector<StreamId> all_streams() {
    std::vector<StreamId> streams;
    for (std::size_t n = 0; n < stream_count; ++n)
        streams.push_back(Shelf::stream(shelf(n)));
    return streams;
}

std::vector<double> measure_rounds(ports::EventStore& store, BenchOptions const& options,
                                   double seconds) {
    auto const streams = all_streams();
    std::vector<double> rows;
    for (std::size_t round = 0; round < rounds; ++round)
        rows.push_back(measure_loads(store, streams, options.seed + round, seconds / rounds));
    return rows;
}

std::vector<double> nanoseconds_an_event(std::vector<double> rows) {
    std::transform(rows.begin(), rows.end(), rows.begin(),
                   [](double rate) { return 1e9 / (rate * static_cast<double>(events_each)); });
    return rows;
}

/// Emmett on PostgreSQL, its streams warm, too; many loads in flight, which is its best.
void compare_with_emmett(Report& report, ports::EventStore& store, BenchOptions const& options) {
    constexpr double seconds = 1;
    auto const streams = all_streams();
    Peer emmett("emmett-load", options);
    compare_in_pairs(report, emmett, {"emmett's loads, 16 in flight", {16}, 100},
                     [&] { return measure_loads(store, streams, options.seed, seconds); });
}

/// Compresses all sealed segments of a closed log. Returns what is left of their bytes.
double squeeze(std::string const& directory) {
    auto const disk = must(embedded::Disk::open(directory));
    SystemClock clock;
    NoFaults faults;
    auto const store = must(embedded::EventStore::open(*disk, clock, faults, {}));
    auto const done = must(store->compact([](std::size_t, std::size_t) {}));
    must(store->close());
    KONTOR_ASSERT(done.segments > 0, "nothing was sealed");
    return static_cast<double>(done.bytes_after) / static_cast<double>(done.bytes_before);
}

} // namespace

Report bench_rehydrate(BenchOptions const& options) {
    Report report{"rehydrate",
                  "20,000 stock items of 50 facts each, written interleaved, one fact a commit; "
                  "loaded and folded in random order by one thread, no snapshot",
                  options.seed, options.directory};
    auto const directory = fresh_directory(options.directory + "/rehydrate");
    auto const before = measure_hash_floor(0.5);
    std::vector<double> warm;
    {
        LogUnderTest log(directory, with_all_in_memory());
        write_interleaved(log);
        Phase const phase("load.warm");
        warm = measure_rounds(log.store(), options, options.seconds);
        if (options.with_peers)
            compare_with_emmett(report, log.store(), options);
        log.close();
    }
    std::vector<double> cold;
    {
        LogUnderTest log(directory);
        cold = measure_rounds(log.store(), options, std::min(options.seconds, 3.0));
        log.close();
    }
    auto const squeezed = squeeze(directory);
    std::vector<double> compressed;
    {
        LogUnderTest log(directory);
        compressed = measure_rounds(log.store(), options, std::min(options.seconds, 3.0));
    }
    auto const after = measure_hash_floor(0.5);
    std::filesystem::remove_all(directory);
    report.floors.push_back({"F5 find in a hash table of a million", "ns", before, after});
    report.figures.push_back({"loads, the log in memory", "/s", warm, Goal::at_least, 300'000});
    report.figures.push_back(
        {"an event of them", "ns", nanoseconds_an_event(warm), Goal::at_most, 66});
    report.figures.push_back({"loads from sealed segments", "/s", cold});
    report.figures.push_back({"loads from compressed segments", "/s", compressed});
    report.figures.push_back(
        {"bytes of a compressed segment for one of a raw one", "", {squeezed}});
    return report;
}

} // namespace kontor::bench
