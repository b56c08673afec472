#include "programs/kontor/process_figures.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace kontor::programs {
namespace {

/// Fields of the line behind the name, which may have blanks in it; proc(5) counts from 1, and the
/// first behind the name is its third.
constexpr std::size_t first_field = 3;
constexpr std::size_t user_ticks = 14 - first_field;
constexpr std::size_t kernel_ticks = 15 - first_field;
constexpr std::size_t thread_count = 20 - first_field;
constexpr std::size_t resident_pages = 24 - first_field;

std::vector<std::uint64_t> fields_behind_the_name(std::string_view line) {
    std::vector<std::uint64_t> fields;
    auto const name_end = line.rfind(") ");
    line.remove_prefix(name_end == std::string_view::npos ? line.size() : name_end + 2);
    while (!line.empty()) {
        auto const field = line.substr(0, line.find(' '));
        std::uint64_t number = 0; // what is none, as the state, or is below zero, is not asked for
        static_cast<void>(std::from_chars(field.data(), field.data() + field.size(), number));
        fields.push_back(number);
        line.remove_prefix(std::min(line.size(), field.size() + 1));
    }
    return fields;
}

/// But for the one that looks.
std::uint64_t files_open() {
    std::error_code error;
    std::uint64_t open = 0;
    for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
         it.increment(error))
        ++open;
    return open == 0 ? 0 : open - 1;
}

/// All but the files.
std::optional<ProcessFigures> figures_of_the_line() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    auto const fields = fields_behind_the_name(line);
    auto const ticks_a_second = ::sysconf(_SC_CLK_TCK);
    auto const page = ::sysconf(_SC_PAGESIZE);
    if (fields.size() <= resident_pages || ticks_a_second <= 0 || page <= 0)
        return std::nullopt;
    auto const ticks = static_cast<std::int64_t>(fields[user_ticks] + fields[kernel_ticks]);
    return ProcessFigures{
        .resident_bytes = fields[resident_pages] * static_cast<std::uint64_t>(page),
        .threads = fields[thread_count],
        .processor_time = Duration::microseconds(ticks * (1'000'000 / ticks_a_second))};
}

} // namespace

std::optional<ProcessFigures> process_figures() {
    auto figures = figures_of_the_line();
    if (figures)
        figures->open_files = files_open();
    return figures;
}

void count_process(telemetry::Metrics& metrics) {
    using telemetry::Sample;
    auto const of_process = [](auto value) {
        return [value] {
            std::vector<Sample> samples;
            if (auto const now = figures_of_the_line())
                samples.push_back({{}, static_cast<double>(value(*now))});
            return samples;
        };
    };
    metrics.gauges("kontor_process_resident_bytes", "Memory that the process has of the machine.",
                   of_process([](ProcessFigures const& it) { return it.resident_bytes; }));
    metrics.gauge("kontor_process_open_files", "Files and sockets that the process has open.", {},
                  [] { return static_cast<double>(files_open()); });
    metrics.gauges("kontor_process_open_files_max", "How many it may have open.", [] {
        std::vector<Sample> samples;
        rlimit limit{};
        if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
            samples.push_back({{}, static_cast<double>(limit.rlim_cur)});
        return samples;
    });
    metrics.gauges("kontor_process_threads", "Threads of the process.",
                   of_process([](ProcessFigures const& it) { return it.threads; }));
    metrics.counters("kontor_process_cpu_seconds_total",
                     "Time that processors have worked for the process.",
                     of_process([](ProcessFigures const& it) {
                         return static_cast<double>(it.processor_time.in_microseconds()) / 1e6;
                     }));
}

} // namespace kontor::programs
