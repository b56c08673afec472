#include "bench/bench.hpp"

#include "bench/floors.hpp"
#include "bench/stores.hpp"
#include "platform/digests/digests.hpp"

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace kontor::bench {
namespace {

constexpr std::size_t rounds = 3;
constexpr double rows_of_the_whole_year = 541'909;
constexpr double seconds_for_the_whole_year = 5;
constexpr double rows_of_the_sample = 10'000; ///< at most
constexpr double seconds_for_seven_months = 2.5;

struct Run {
    double seconds;
    double cpu_seconds;
    double peak_mib;
};

double in_seconds(timeval const& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// The kontor program that was built beside this one.
std::string program() {
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "kontor").string();
}

Run import_once(std::string const& file, std::string const& directory) {
    auto const kontor = program();
    auto const start = std::chrono::steady_clock::now();
    auto const child = ::fork();
    KONTOR_ASSERT(child >= 0, "no child process");
    if (child == 0) {
        auto const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        ::execl(kontor.c_str(), kontor.c_str(), "import", "online-retail", file.c_str(), "--data",
                directory.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    struct rusage used{};
    ::wait4(child, &status, 0, &used);
    auto const seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    KONTOR_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0,
                  "{} import online-retail {} ended with {}: the books must be in order", kontor,
                  file, WEXITSTATUS(status));
    return {seconds, in_seconds(used.ru_utime) + in_seconds(used.ru_stime),
            static_cast<double>(used.ru_maxrss) / 1024};
}

std::string input_of(BenchOptions const& options) {
    if (!options.input.empty())
        return options.input;
    auto const* const named = std::getenv("KONTOR_ONLINE_RETAIL");
    return named != nullptr ? named : "samples/online-retail-2010-12.csv";
}

std::string digest_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::string const text((std::istreambuf_iterator<char>(file)), {});
    return digests::hex(digests::sha256(text));
}

double rows_in(std::string const& path) {
    std::ifstream file(path);
    double lines = 0;
    for (std::string line; std::getline(file, line);)
        ++lines;
    return lines - 1;
}

} // namespace

Report bench_import(BenchOptions const& options) {
    auto const input = input_of(options);
    auto const rows = rows_in(input);
    KONTOR_ASSERT(rows > 0, "{} has no invoices", input);
    Report report{"import",
                  fmt::format("kontor import online-retail {}: {:.0f} lines of real invoices into "
                              "an empty shop, the whole process",
                              std::filesystem::path(input).filename().string(), rows),
                  options.seed, options.directory};
    auto const before = measure_write_floor(options.directory, std::size_t{64} << 10, 1);
    report.notes.push_back(fmt::format("the input's SHA-256: {}", digest_of(input)));
    Figure seconds{"time from start to exit", "s", {}};
    if (rows > rows_of_the_sample) { // the goal is that of the seven months
        seconds.direction = Goal::at_most;
        seconds.goal = seconds_for_seven_months;
    }
    Figure rate{"invoice lines",
                "/s",
                {},
                Goal::at_least,
                rows_of_the_whole_year / seconds_for_the_whole_year};
    Figure cpu{"processor time, all threads", "s", {}};
    Figure peak{"peak of resident memory", "MiB", {}, Goal::at_most, 160};
    peak.is_count = true;
    for (std::size_t round = 0; round < rounds; ++round) {
        auto const directory = options.directory + "/import";
        std::filesystem::remove_all(directory);
        auto const run = import_once(input, directory);
        std::filesystem::remove_all(directory);
        seconds.rows.push_back(run.seconds);
        rate.rows.push_back(rows / run.seconds);
        cpu.rows.push_back(run.cpu_seconds);
        peak.rows.push_back(run.peak_mib);
    }
    auto const after = measure_write_floor(options.directory, std::size_t{64} << 10, 1);
    report.floors.push_back(
        {"F1 synced write of 64 KiB", "/s", before.writes_per_second, after.writes_per_second});
    report.figures = {seconds, rate, cpu, peak};
    return report;
}

} // namespace kontor::bench
