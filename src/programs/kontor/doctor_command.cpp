#include "programs/kontor/doctor.hpp"

#include "adapters/embedded/disk.hpp"
#include "programs/kontor/build_version.hpp"
#include "programs/kontor/notices.hpp"
#include "programs/kontor/serve_mail.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <memory>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

namespace kontor::programs {
namespace {

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

Finding check_file_system(ports::DiskState const& state, std::string const& directory) {
    if (auto notice = durability_notice(state); !notice.empty())
        return {Severity::notice, "durability",
                fmt::format("{} is on {}", directory, state.file_system), std::move(notice)};
    return {Severity::good, "durability", fmt::format("{} is on {}", directory, state.file_system)};
}

Finding check_write_mode(ports::DiskState const& state) {
    if (state.is_direct)
        return {Severity::good, "write mode", "past the page cache, each write synced"};
    return {Severity::notice, "write mode", "through the page cache, with a sync after each write",
            "a file system that takes O_DIRECT (ext4, XFS) answers faster"};
}

/// What disk and file system are.   Two findings; one where there is no answer.
std::vector<Finding> check_disk(std::string const& directory) {
    auto const disk = embedded::Disk::open(directory); // it is there: nothing is made
    auto const state = disk ? (*disk)->state() : Result<ports::DiskState>(unexpected(disk.error()));
    if (!state)
        return {{Severity::error, "durability", to_string(state.error()), "choose another --data"}};
    return {check_file_system(*state, directory), check_write_mode(*state)};
}

Finding check_versions() {
    return {Severity::good, "versions",
            fmt::format("kontor {}, journal format {}", build_version, journal_format)};
}

/// Whether the kernel believes its clock to be right.   Source: adjtimex(2).
Finding check_clock(Instant now) {
    struct timex state{};
    auto const evidence = fmt::format("it is {}", to_string(now));
    bool const is_synchronised = ::adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
    if (is_synchronised)
        return {Severity::good, "clock", evidence + ", synchronised"};
    return {Severity::notice, "clock", evidence + "; nothing keeps it right",
            "run a time service, like systemd-timesyncd or chrony"};
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

/// Signs in, and sends nothing.
Finding check_mail(Settings const& settings) {
    auto const options = mail_options(settings);
    if (!options)
        return {Severity::error, "mail",
                fmt::format("{} ({})", options.error().failure.what, options.error().failure.where),
                "mend the setting: docs/operating/mail.md"};
    if (!options->smtp)
        return {Severity::good, "mail", "no mail server is set: letters stay in the outbox"};
    auto const& server = options->smtp->server;
    if (auto const greeted = mail::greet(*options->smtp); !greeted)
        return {Severity::error, "mail",
                fmt::format("{} does not take us: {}", server, greeted.error().what),
                "look at mail.server, mail.security, mail.user and its password"};
    return {Severity::good, "mail", fmt::format("{} takes us", server)};
}

ExitCode examine(Program& program, bool quick) {
    auto const directory = existing_parent(program.settings.text("data.directory"));
    std::vector<Finding> findings{check_versions(), check_clock(program.clock.now()),
                                  check_space(directory), check_open_files()};
    std::ranges::move(check_disk(directory), std::back_inserter(findings));
    std::ranges::move(examine_shop(program), std::back_inserter(findings));
    if (!quick) {
        findings.push_back(check_sync(directory));
        findings.push_back(check_mail(program.settings));
    }
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
