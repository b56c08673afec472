#include "bench/bench.hpp"

#include "bench/floors.hpp"
#include "bench/shelf_facts.hpp"
#include "bench/stores.hpp"
#include "bench/zipf.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>
#include <unistd.h>

namespace kontor::bench {
namespace {

constexpr std::size_t shelf_count = 10'000;
constexpr std::size_t facts_a_commit = 3;

using Seconds = std::chrono::duration<double>;
using Shelf = services::StockItems;

/// A number that a process and its child see.
class SharedCounter {
public:
    SharedCounter()
        : at_(::mmap(nullptr, sizeof(std::atomic<std::uint64_t>), PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        KONTOR_ASSERT(at_ != MAP_FAILED, "no memory to share");
        new (at_) std::atomic<std::uint64_t>(0);
    }
    ~SharedCounter() { ::munmap(at_, sizeof(std::atomic<std::uint64_t>)); }
    SharedCounter(SharedCounter const&) = delete;
    SharedCounter& operator=(SharedCounter const&) = delete;
    std::atomic<std::uint64_t>& value() { return *static_cast<std::atomic<std::uint64_t>*>(at_); }

private:
    void* at_;
};

/// Appends for ever, saying after each append what is durable.
[[noreturn]] void write_until_killed(std::string const& directory, std::uint64_t seed,
                                     std::atomic<std::uint64_t>& durable) {
    LogUnderTest log(directory);
    Shelves shelves(shelf_count);
    Zipf zipf(shelf_count, 0.9, seed);
    ports::Batch batch;
    for (std::uint64_t commands = 0;;) {
        for (int commit = 0; commit < 500; ++commit) {
            batch.begin_commit({CommandId(Id128(2, ++commands)), {}, {}, {}, {}});
            auto const first = zipf.draw();
            for (std::size_t n = 0; n < facts_a_commit; ++n)
                shelves.add_next(batch, (first + n * 3'331) % shelf_count);
        }
        append_in_time(log, batch);
        batch.clear();
        durable.store(log.store().durable().position.value(), std::memory_order_release);
    }
}

/// Lets a child write until so many events are durable, then kills it. Returns what it had seen
/// durable.
std::uint64_t write_and_kill(BenchOptions const& options, std::string const& directory) {
    SharedCounter durable;
    auto const child = ::fork();
    KONTOR_ASSERT(child >= 0, "no child process");
    if (child == 0)
        write_until_killed(directory, options.seed, durable.value());
    while (durable.value().load(std::memory_order_acquire) < options.events) {
        KONTOR_ASSERT(::waitpid(child, nullptr, WNOHANG) == 0, "the writing process ended");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return durable.value().load(std::memory_order_acquire);
}

struct Folded {
    std::uint64_t events{0};
    double seconds{0};
};

/// Every state from the whole log, by one thread and without a checkpoint.
Folded fold_all(ports::EventStore& store) {
    struct Kept {
        stock::State state{Shelf::Fold::initial()};
        std::uint64_t version{0};
    };
    boost::unordered_flat_map<StreamId, Kept, std::hash<StreamId>> states;
    Folded folded;
    auto const start = std::chrono::steady_clock::now();
    for (ports::Position at{};;) {
        auto const page = must(store.read_log(at, ports::Limit(4096)));
        if (page.empty())
            break;
        for (auto const& event : page.events) {
            auto& kept = states[event.stream];
            kept.state = Shelf::Fold::evolve(std::move(kept.state),
                                             must(Shelf::decode(event.type, event.payload)));
            kept.version = event.version.value();
        }
        folded.events += page.events.size();
        at = page.events.back().position;
    }
    folded.seconds = Seconds(std::chrono::steady_clock::now() - start).count();
    for (auto const& [stream, kept] : states)
        KONTOR_ASSERT(std::get<stock::Item>(kept.state).on_hand.value() ==
                          units_on_hand(kept.version),
                      "{} came to something else", stream.key());
    return folded;
}

void add_figures(Report& report, std::vector<double> const& ready, Folded const& folded,
                 double floor_bytes, double log_bytes) {
    auto const rate = static_cast<double>(folded.events) / folded.seconds;
    report.figures.push_back({"ready after the kill", "s", ready, Goal::at_most, 3});
    Figure fold{"events folded from the whole log, one thread", "/s", {rate}, Goal::at_least, 3e6};
    fold.floor = "F7, at the bytes an event takes in the log";
    fold.floor_value = floor_bytes * static_cast<double>(folded.events) / log_bytes;
    report.figures.push_back(std::move(fold));
}

double bytes_below(std::string const& directory) {
    double bytes = 0;
    for (auto const& entry : std::filesystem::directory_iterator(directory))
        if (entry.path().extension() == ".seg")
            bytes += static_cast<double>(entry.file_size());
    return bytes;
}

} // namespace

Report bench_recovery(BenchOptions const& options) {
    Report report{"recovery",
                  fmt::format("{} facts of 10,000 stock items (Zipf 0.9), 3 a commit; the writing "
                              "process is killed at full speed, then the log is opened and every "
                              "state is folded from its beginning",
                              options.events),
                  options.seed, options.directory};
    auto const directory = fresh_directory(options.directory + "/recovery");
    auto const acknowledged = write_and_kill(options, directory);
    auto const before = measure_read_floor(options.directory, 1);
    std::vector<double> ready;
    Folded folded;
    double log_bytes = 0;
    {
        auto const start = std::chrono::steady_clock::now();
        LogUnderTest log(directory);
        ready.push_back(Seconds(std::chrono::steady_clock::now() - start).count());
        auto const last = log.store().report().last.value();
        KONTOR_ASSERT(last >= acknowledged, "{} were acknowledged, {} are there", acknowledged,
                      last);
        log_bytes = bytes_below(directory);
        folded = fold_all(log.store());
        KONTOR_ASSERT(folded.events == last, "{} of {} events", folded.events, last);
        report.notes.push_back(fmt::format(
            "{} events were durable when the process was killed; {} were there after it",
            acknowledged, last));
    }
    auto const after = measure_read_floor(options.directory, 1);
    std::filesystem::remove_all(directory);
    report.floors.push_back({"F7 cold reads of 1 MiB", "MB/s", before / 1e6, after / 1e6});
    add_figures(report, ready, folded, std::min(before, after), log_bytes);
    return report;
}

} // namespace kontor::bench
