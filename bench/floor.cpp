#include "bench/bench.hpp"

#include "bench/floors.hpp"

#include <fmt/core.h>

namespace kontor::bench {

Report bench_floor(BenchOptions const& options) {
    Report report{"floor", "what this machine gives without us", options.seed, options.directory};
    auto const seconds = std::min(options.seconds, 2.0);
    WriteFloorFile file(options.directory);
    for (std::size_t const kib : {4, 64, 256, 1024}) {
        auto const floor = file.measure(kib << 10, seconds);
        report.figures.push_back(
            {fmt::format("F1 synced write of {} KiB", kib), "/s", {floor.writes_per_second}});
        report.figures.push_back(
            {fmt::format("F1 synced write of {} KiB, p50", kib), "us", {floor.p50_us}});
        report.figures.push_back(
            {fmt::format("F1 synced write of {} KiB, p99", kib), "us", {floor.p99_us}});
        if (!floor.direct)
            report.notes.push_back("the file system refused direct writes: this run is buffered");
    }
    report.figures.push_back(
        {"F4 items through a ring between two threads", "/s", {measure_ring_floor(seconds)}});
    report.figures.push_back(
        {"F5 find in a hash table of a million", "ns", {measure_hash_floor(seconds)}});
    report.figures.push_back(
        {"F7 cold reads of 1 MiB", "MB/s", {measure_read_floor(options.directory, seconds) / 1e6}});
    report.figures.push_back(
        {"F8 copy and checksum 300 bytes", "ns", {measure_checksum_floor(seconds)}});
    return report;
}

} // namespace kontor::bench
