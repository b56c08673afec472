#include "bench/bench.hpp"
#include "bench/compare.hpp"
#include "bench/machine.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace {

using Benchmark = kontor::bench::Report (*)(kontor::bench::BenchOptions const&);

std::map<std::string, Benchmark> const& benchmarks() {
    static std::map<std::string, Benchmark> const all{
        {"append", kontor::bench::bench_append},
        {"checkout", kontor::bench::bench_checkout},
        {"fanout", kontor::bench::bench_fanout},
        {"floor", kontor::bench::bench_floor},
        {"http", kontor::bench::bench_http},
        {"import", kontor::bench::bench_import},
        {"load", kontor::bench::bench_load},
        {"queue", kontor::bench::bench_queue},
        {"recovery", kontor::bench::bench_recovery},
        {"rehydrate", kontor::bench::bench_rehydrate},
        {"router", kontor::bench::bench_router},
        {"router-scale", kontor::bench::bench_router_scale},
    };
    return all;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("Runs one headline benchmark and prints what it found, floors first.");
    kontor::bench::BenchOptions options{"build/bench"};
    std::string name;
    std::string results = "bench/results";
    app.add_option("name", name, "which benchmark")->required()->check(CLI::IsMember(benchmarks()));
    app.add_option("--directory", options.directory, "where data is written: the disk under test");
    app.add_option("--seconds", options.seconds, "how long each measurement runs")
        ->check(CLI::Range(0.1, 600.0));
    app.add_option("--seed", options.seed, "the seed of the workload");
    app.add_option("--events", options.events, "how long a log is written, where one is wanted");
    app.add_option("--input", options.input, "the file to read, where the benchmark wants one");
    app.add_option("--only", options.only, "these shapes of the workload only, as INxEVENTS: 64x1");
    app.add_flag("--peers", options.with_peers, "also run the peers of this benchmark");
    app.add_option("--results", results, "where the result is written as JSON; empty: nowhere");
    std::vector<std::string> builds;
    app.add_option("--compare", builds,
                   "two builds of this program, BEFORE AFTER: what the second "
                   "measures, over the first")
        ->expected(2)
        ->check(CLI::ExistingFile);
    CLI11_PARSE(app, argc, argv);

    std::filesystem::create_directories(options.directory);
    auto const load_before = kontor::bench::load_average();
    auto report = builds.empty()
                      ? benchmarks().at(name)(options)
                      : kontor::bench::compare_builds(name, {builds[0], builds[1]}, options);
    report.load_before = load_before;
    kontor::bench::print(report);
    if (!results.empty()) {
        std::filesystem::create_directories(results);
        std::ofstream(results + "/" + report.benchmark + ".json")
            << boost::json::serialize(kontor::bench::to_json(report)) << "\n";
    }
    return EXIT_SUCCESS;
}
