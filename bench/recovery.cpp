#include "bench/bench.hpp"

#include "bench/checkout_load.hpp"
#include "bench/drains.hpp"
#include "bench/floors.hpp"
#include "bench/peers.hpp"
#include "bench/phase.hpp"
#include "services/views/models.hpp"
#include "tests/support/shop_sums.hpp"

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

/// What rebuilding may take.
constexpr double events_to_rebuild = 10e6;
constexpr double seconds_to_rebuild = 20;

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

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

/// Sells for ever, saying what is durable.
[[noreturn]] void sell_until_killed(std::string const& directory, std::uint64_t seed,
                                    std::atomic<std::uint64_t>& durable) {
    LogUnderTest log(directory);
    CheckoutLoad load(log, seed, FollowingModels::none);
    load.demand({Demand::Loop::closed});
    for (;;) {
        durable.store(log.store().durable().position.value(), std::memory_order_release);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// Lets a child sell until so many events are durable, then kills it. Returns what it had seen
/// durable.
std::uint64_t sell_and_kill(BenchOptions const& options, std::string const& directory) {
    SharedCounter durable;
    auto const child = ::fork();
    KONTOR_ASSERT(child >= 0, "no child process");
    if (child == 0)
        sell_until_killed(directory, options.seed, durable.value());
    while (durable.value().load(std::memory_order_acquire) < options.events) {
        KONTOR_ASSERT(::waitpid(child, nullptr, WNOHANG) == 0, "the selling process ended");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return durable.value().load(std::memory_order_acquire);
}

/// The states of all streams of one aggregate; those that nothing can change any more make room.
template <class Aggregate>
class States {
public:
    void fold(ports::RecordedEvent const& event) {
        auto const found = live_.try_emplace(event.stream, Aggregate::Fold::initial()).first;
        found->second = Aggregate::Fold::evolve(std::move(found->second),
                                                must(Aggregate::decode(event.type, event.payload)));
        if (!Aggregate::Fold::is_terminal(found->second))
            return;
        live_.erase(found);
        ++ended_;
    }
    std::uint64_t ended() const { return ended_; }
    auto const& live() const { return live_; }

private:
    boost::unordered_flat_map<StreamId, typename Aggregate::Fold::State, std::hash<StreamId>> live_;
    std::uint64_t ended_{0};
};

struct Folded {
    std::uint64_t events{0};
    double seconds{0};
    States<services::Orders> orders{};
    States<services::StockItems> shelves{};
    States<services::Reservations> reservations{};
    States<services::Payments> payments{};
    States<services::Fulfilments> parcels{};
    States<services::Checkouts> processes{};

    void fold(ports::RecordedEvent const& event) {
        switch (event.stream.category()) {
        case StreamCategory::order: return orders.fold(event);
        case StreamCategory::stock: return shelves.fold(event);
        case StreamCategory::reservation: return reservations.fold(event);
        case StreamCategory::payment: return payments.fold(event);
        case StreamCategory::fulfilment: return parcels.fold(event);
        case StreamCategory::checkout: return processes.fold(event);
        case StreamCategory::product:
        case StreamCategory::coupon:
        case StreamCategory::customer:
        case StreamCategory::documents:
        case StreamCategory::notification:
        case StreamCategory::ops:
        case StreamCategory::process:
        case StreamCategory::queue:
        case StreamCategory::webhook:
        case StreamCategory::webhook_book: break;
        }
        KONTOR_ASSERT(false, "{} has no place in this flow", event.stream.key());
    }
};

/// Every state from the whole log, by one thread and without a checkpoint.
Folded fold_all(ports::EventStore& store) {
    Phase const phase("fold.all");
    Folded folded;
    auto const start = std::chrono::steady_clock::now();
    for (ports::Position at{};;) {
        auto const page = must(store.read_log(at, ports::Limit(4096)));
        if (page.empty())
            break;
        for (auto const& event : page.events)
            folded.fold(event);
        folded.events += page.events.size();
        at = page.events.back().position;
    }
    folded.seconds = seconds_since(start);
    return folded;
}

/// What the states say is what another fold sums up, one that knows no decider. A process ends with
/// the command to complete its order; the kill may have come between the two.
void check(Folded const& folded, testing::ShopSums const& sums) {
    std::int64_t issued = 0;
    for (auto const& [stream, item] : folded.shelves.live())
        issued += Quantity::max - std::get<stock::Item>(item).on_hand.value();
    auto const ended = folded.processes.ended();
    KONTOR_ASSERT(folded.events == sums.events && issued == sums.issued,
                  "{} of {} events, {} of {} units issued", folded.events, sums.events, issued,
                  sums.issued);
    KONTOR_ASSERT(ended + folded.processes.live().size() == sums.placed &&
                      sums.completed.size() <= ended &&
                      ended <= sums.completed.size() + checkout_in_flight_max,
                  "{} processes ended, {} live; {} orders placed, {} completed", ended,
                  folded.processes.live().size(), sums.placed, sums.completed.size());
}

/// Builds all read models in SQLite, from nothing. Returns the seconds.
double rebuild(LogUnderTest& log, std::string const& directory) {
    auto const start = std::chrono::steady_clock::now();
    DrainedModels const models(log, directory + "/views");
    auto const seconds = seconds_since(start);
    projections::Fold fresh(services::views::find_model("orders")->make());
    auto const until = log.store().durable().position;
    while (fresh.position() < until)
        must(fresh.follow(log.store(), ports::Limit(4096), until));
    KONTOR_ASSERT(models.digest_of("orders") == fresh.digest_in_memory(),
                  "the orders in SQLite are not what a fold in memory makes of the log");
    return seconds;
}

/// Emmett builds one row an order anew, ours all five read models: both in events a second.
void compare_with_emmett(Report& report, BenchOptions const& options, double ours) {
    Peer emmett("emmett-rebuild", options);
    auto const theirs = emmett.run({1});
    if (!theirs) {
        report.notes.push_back("emmett's rebuild: absent, " + emmett.absent());
        return;
    }
    report.figures.push_back(
        {fmt::format("events of emmett's rebuild ({})", emmett.settings()), "/s", {*theirs}});
    report.figures.push_back({"ours over emmett's rebuild", "x", {ours / *theirs}});
}

void add_figures(Report& report, double ready, Folded const& folded, double floor_bytes,
                 double log_bytes) {
    auto const rate = static_cast<double>(folded.events) / folded.seconds;
    report.figures.push_back({"ready after the kill", "s", {ready}, Goal::at_most, 3});
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
                  fmt::format("a shop sells as in `checkout` until {} facts are durable and is "
                              "killed at full speed; then the log is opened, every state is folded "
                              "from its beginning, and all read models are built in SQLite anew",
                              options.events),
                  options.seed, options.directory};
    auto const directory = fresh_directory(options.directory + "/recovery");
    auto const acknowledged = sell_and_kill(options, directory + "/log");
    auto const before = measure_read_floor(options.directory, 1);
    {
        auto const start = std::chrono::steady_clock::now();
        LogUnderTest log(directory + "/log");
        auto const ready = seconds_since(start);
        auto const last = log.store().report().last.value();
        KONTOR_ASSERT(last >= acknowledged, "{} were acknowledged, {} are there", acknowledged,
                      last);
        auto const log_bytes = bytes_below(directory + "/log");
        auto const folded = fold_all(log.store());
        KONTOR_ASSERT(folded.events == last, "{} of {} events", folded.events, last);
        check(folded, testing::sum_up(log.store()));
        add_figures(report, ready, folded, before, log_bytes);
        auto const events = static_cast<double>(folded.events);
        auto const built = rebuild(log, directory);
        report.figures.push_back({"read models built in SQLite",
                                  "s",
                                  {built},
                                  Goal::at_most,
                                  seconds_to_rebuild * events / events_to_rebuild});
        if (options.with_peers)
            compare_with_emmett(report, options, events / built);
        report.notes.push_back(fmt::format(
            "{} events were durable when the process was killed; {} were there after it",
            acknowledged, last));
    }
    auto const after = measure_read_floor(options.directory, 1);
    std::filesystem::remove_all(directory);
    report.floors.push_back({"F7 cold reads of 1 MiB", "MB/s", before / 1e6, after / 1e6});
    return report;
}

} // namespace kontor::bench
