#include "bench/machine.hpp"

#include "runtime/system_clock.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <thread>
#include <unistd.h>

namespace kontor::bench {
namespace {

std::string first_line_of(std::string const& command) {
    std::array<char, 256> line{};
    auto* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr)
        return {};
    auto const* const read = std::fgets(line.data(), line.size(), pipe);
    pclose(pipe);
    std::string text = read == nullptr ? "" : read;
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

std::string processor() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    return "unknown";
}

/// As compilers name them: what instructions the processor has.
std::string_view cpu_level() {
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0)
        return "x86-64-v4";
    return __builtin_cpu_supports("avx2") != 0 ? "x86-64-v3" : "x86-64-v2 or less";
}

} // namespace

double load_average() {
    double average = 0;
    return ::getloadavg(&average, 1) == 1 ? average : 0;
}

std::string file_system_of(std::string const& directory) {
    struct statfs found{};
    if (statfs(directory.c_str(), &found) != 0)
        return "unknown";
    switch (static_cast<unsigned long>(found.f_type)) {
    case 0xEF53: return "ext4";
    case 0x58465342: return "xfs";
    case 0x01021994: return "tmpfs";
    case 0x794C7630: return "overlay";
    case 0x9123683E: return "btrfs";
    default: return fmt::format("{:#x}", static_cast<unsigned long>(found.f_type));
    }
}

boost::json::object describe_machine(std::string const& data_directory) {
    struct utsname kernel{};
    uname(&kernel);
    boost::json::object out;
    out["at"] = to_string(SystemClock().now());
    out["commit"] = first_line_of("git rev-parse --short=12 HEAD 2>/dev/null");
    out["dirty"] =
        !first_line_of("git status --porcelain --untracked-files=no -- . ':!bench/results' "
                       "':!docs/performance.md' 2>/dev/null")
             .empty();
    out["compiler"] = fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
    out["flags"] = KONTOR_BENCH_FLAGS;
    out["optimised"] =
#ifdef __OPTIMIZE__
        true;
#else
        false;
#endif
    out["processor"] = processor();
    out["cpu_level"] = cpu_level();
    out["cores"] = std::thread::hardware_concurrency();
    out["memory_mib"] = ::sysconf(_SC_PHYS_PAGES) / 1024 * (::sysconf(_SC_PAGESIZE) / 1024);
    out["kernel"] = kernel.release;
    out["file_system"] = data_directory.empty() ? "" : file_system_of(data_directory);
    if (!data_directory.empty())
        out["mount_options"] = first_line_of("findmnt --noheadings --output OPTIONS --target '" +
                                             data_directory + "'");
    return out;
}

} // namespace kontor::bench
