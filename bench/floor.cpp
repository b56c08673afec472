#include "bench/bench.hpp"

#include "bench/field_floor.hpp"
#include "bench/floors.hpp"
#include "bench/http_floor.hpp"
#include "bench/http_load.hpp"
#include "bench/lots.hpp"
#include "bench/row_floor.hpp"

#include <fmt/core.h>

namespace kontor::bench {
namespace {

void add_writes(Report& report, std::string const& what, WriteFloor const& floor) {
    auto const name = "F1 " + what;
    report.figures.push_back({name, "/s", {floor.writes_per_second}});
    report.figures.push_back({name + ", p50", "us", {floor.p50_us}});
    report.figures.push_back({name + ", p99", "us", {floor.p99_us}});
    report.figures.push_back({name + ", p99.9", "us", {floor.p999_us}});
    if (!floor.direct)
        report.notes.push_back("the file system refused direct writes: this run is buffered");
}

void add_disk(Report& report, std::string const& directory, double seconds) {
    {
        WriteFloorFile file(directory);
        for (std::size_t const kib : {4, 64, 256, 1024})
            add_writes(report, fmt::format("synced write of {} KiB", kib),
                       file.measure(kib << 10, seconds));
    }
    add_writes(report, "synced write of 4 KiB, not written ahead",
               measure_growing_floor(directory, Unprepared::direct, seconds));
    add_writes(report, "buffered write of 4 KiB and fdatasync",
               measure_growing_floor(directory, Unprepared::buffered, seconds));
}

/// One GET of an order, answered with 300 bytes, 64 connections.
void add_http(Report& report, double seconds) {
    std::string const request =
        "GET /v1/orders/0123456789abcdef HTTP/1.1\r\nHost: localhost\r\nAccept: application/json"
        "\r\nAuthorization: Bearer ktk_0123456789abcdef0123456789\r\n\r\n";
    std::string const answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 300\r\nContent-Type: application/json\r\n\r\n" +
        std::string(300, 'x');
    for (int const pipelined : {1, 16}) {
        constexpr double with_warm_up = 0.3;
        BareResponder bare(request.size(), answer);
        auto const before = thread_cpu_us(bare.thread());
        auto const rate = measure_http_rate(bare.port(), {request, 64, pipelined}, seconds);
        auto const cpu = thread_cpu_us(bare.thread()) - before;
        auto const name = fmt::format("F2 requests of a bare epoll loop{}",
                                      pipelined > 1 ? ", 16 pipelined" : "");
        report.figures.push_back({name, "/s", {rate}});
        report.figures.push_back({name + ", server CPU of one",
                                  "us",
                                  {cpu / std::max(rate * (seconds + with_warm_up), 1.0)}});
    }
}

void add_memory(Report& report, double seconds) {
    report.figures.push_back(
        {"F4 items through a ring between two threads", "/s", {measure_ring_floor(seconds)}});
    report.figures.push_back(
        {"F4 round trip between two threads", "ns", {measure_round_trip_floor(seconds)}});
    auto const floor = measure_memory_floor(seconds);
    report.figures.push_back({"F5 find in a hash table of a million", "ns", {floor.find}});
    report.figures.push_back({"F5 insert into a hash table of a million", "ns", {floor.insert}});
    report.figures.push_back({"F5 update by a key of Zipf 0.99", "ns", {floor.update_by_key}});
    report.figures.push_back({"F5 update by a dense number", "ns", {floor.update_by_number}});
}

void add_rows(Report& report, std::string const& directory) {
    for (int const pages : {16'000, 4'000}) {
        auto const floor = measure_row_floor(directory, pages);
        auto const how = fmt::format("SQLite, checkpoint each {} pages", pages);
        report.figures.push_back({"F6 insert by a growing id, " + how, "us", {floor.insert_by_id}});
        report.figures.push_back(
            {"F6 append by position, " + how, "us", {floor.append_by_position}});
        report.figures.push_back(
            {"F6 update of a recent row, " + how, "us", {floor.update_recent}});
        report.figures.push_back(
            {"F6 update among 600,000 rows, " + how, "us", {floor.update_anywhere}});
    }
}

} // namespace

Report bench_floor(BenchOptions const& options) {
    Report report{"floor", "what this machine gives without us", options.seed, options.directory};
    auto const seconds = std::min(options.seconds, 2.0);
    add_disk(report, options.directory, seconds);
    add_http(report, seconds);
    auto const lots = generate_lots(options.seed, 20'000);
    report.figures.push_back(
        {"F3 one string field by simdjson", "ns", {measure_field_floor(lines_of(lots), seconds)}});
    add_memory(report, seconds);
    add_rows(report, options.directory);
    report.figures.push_back(
        {"F7 cold reads of 1 MiB", "MB/s", {measure_read_floor(options.directory, seconds) / 1e6}});
    report.figures.push_back(
        {"F8 copy and checksum 300 bytes", "ns", {measure_checksum_floor(seconds)}});
    report.figures.push_back(
        {"F8 SHA-256 of 300 bytes", "ns", {measure_digest_floor(300, seconds)}});
    report.figures.push_back(
        {"F8 SHA-256 of 256 KiB", "ns", {measure_digest_floor(std::size_t{256} << 10, seconds)}});
    return report;
}

} // namespace kontor::bench
