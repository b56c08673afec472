#include "programs/kontor/program.hpp"

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace kontor::programs {
namespace {

enum class Severity : unsigned char { good, notice, error };

/// What the doctor saw, and what to do about it.
struct Finding {
    Severity severity;
    std::string check;
    std::string evidence;
    std::string fix{};
};

std::string_view name_of(Severity severity) {
    switch (severity) {
    case Severity::good: return "good";
    case Severity::notice: return "notice";
    case Severity::error: return "error";
    }
    KONTOR_UNREACHABLE();
}

/// The nearest directory that exists: the data directory itself may not have been made yet.
std::string existing_parent(std::string const& directory) {
    std::error_code error;
    auto path = std::filesystem::absolute(directory, error);
    while (!std::filesystem::exists(path, error) && path.has_parent_path() &&
           path != path.parent_path())
        path = path.parent_path();
    return path.string();
}

Finding check_space(std::string const& directory) {
    struct statvfs space{};
    if (statvfs(directory.c_str(), &space) != 0)
        return {Severity::error, "disk space",
                fmt::format("{} cannot be read: {}", directory, std::strerror(errno)),
                "choose a data directory that exists, with --data"};
    auto const free = static_cast<double>(space.f_bavail) * static_cast<double>(space.f_frsize);
    auto const evidence = fmt::format("{:.1f} GiB free at {}", free / (1 << 30), directory);
    if (free < 512.0 * (1 << 20))
        return {Severity::error, "disk space", evidence,
                "free some space: under 512 MiB new orders are refused"};
    if (free < 2.0 * (1 << 30))
        return {Severity::notice, "disk space", evidence,
                "free some space soon: under 512 MiB new orders are refused"};
    return {Severity::good, "disk space", evidence};
}

Finding check_file_system(std::string const& directory) {
    struct statfs found{};
    if (statfs(directory.c_str(), &found) != 0)
        return {Severity::error, "durability", fmt::format("{} cannot be read", directory),
                "choose another --data"};
    constexpr std::array<unsigned long, 2> durable{0xEF53, 0x58465342};
    auto const type = static_cast<unsigned long>(found.f_type);
    if (std::find(durable.begin(), durable.end(), type) != durable.end())
        return {Severity::good, "durability", fmt::format("{} is on ext4 or XFS", directory)};
    return {Severity::notice, "durability",
            fmt::format("{} is on a file system of type {:#x}", directory, type),
            "keep data that must survive a power cut on ext4 or XFS"};
}

Finding check_sync(std::string const& directory) {
    auto const path = directory + "/.kontor-doctor";
    auto const file = ::open(path.c_str(), O_CREAT | O_RDWR | O_DSYNC | O_CLOEXEC, 0600);
    if (file < 0)
        return {Severity::error, "sync",
                fmt::format("{} cannot be written: {}", directory, std::strerror(errno)),
                "give yourself write permission, or choose another --data"};
    constexpr int writes = 20;
    std::array<char, 4096> const block{};
    auto const start = std::chrono::steady_clock::now();
    bool ok = true;
    for (int i = 0; i < writes && ok; ++i)
        ok = ::pwrite(file, block.data(), block.size(), 0) == static_cast<ssize_t>(block.size());
    auto const elapsed =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    ::close(file);
    ::unlink(path.c_str());
    if (!ok)
        return {Severity::error, "sync",
                fmt::format("a synced write failed: {}", std::strerror(errno)), "check the disk"};
    auto const each = elapsed / writes;
    auto const evidence = fmt::format("a synced write takes {:.2f} ms", each);
    if (each > 20)
        return {Severity::notice, "sync", evidence,
                "a faster disk gives faster answers: each waits for one sync"};
    return {Severity::good, "sync", evidence};
}

Finding check_open_files() {
    struct rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    auto const evidence = fmt::format("{} files may be open at once", limit.rlim_cur);
    if (limit.rlim_cur < 1024)
        return {Severity::notice, "open files", evidence, "raise it: ulimit -n 4096"};
    return {Severity::good, "open files", evidence};
}

ExitCode examine(Program& program, bool quick) {
    auto const directory = existing_parent(program.settings.text("data.directory"));
    std::vector<Finding> findings{check_space(directory), check_file_system(directory),
                                  check_open_files()};
    if (!quick)
        findings.push_back(check_sync(directory));
    std::vector<boost::json::object> rows;
    bool sick = false;
    for (auto const& finding : findings) {
        rows.push_back({{"severity", name_of(finding.severity)},
                        {"check", finding.check},
                        {"evidence", finding.evidence},
                        {"fix", finding.fix}});
        sick = sick || finding.severity == Severity::error;
    }
    program.output.rows({{"", "severity"},
                         {"check", "check"},
                         {"what was seen", "evidence"},
                         {"what to do", "fix"}},
                        rows);
    if (!sick)
        return ExitCode::ok;
    return program.output.fail(
        Trouble("unfit_machine",
                {FailureKind::corrupt, "something here keeps a shop from working", directory}));
}

} // namespace

void add_doctor_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const quick = std::make_shared<bool>(false);
    add_command(app, chosen,
                {"doctor", "Examines this machine and the data directory",
                 "  kontor doctor\n  kontor doctor --quick --json"},
                [quick](Program& program) { return examine(program, *quick); })
        .add_flag("--quick", *quick, "only what takes no time");
}

} // namespace kontor::programs
