#include "programs/kontor/data_directory.hpp"

#include "adapters/embedded/journal/inventory.hpp"
#include "adapters/embedded/journal/limits.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::programs {
namespace {

/// Directory, lock, the open segment, those being read, keys and read models, and what a server
/// needs before the first customer comes.
constexpr ::rlim_t open_files_min = 64;

/// What a shop makes in its directory, and what a file system makes in its own.
constexpr std::array<std::string_view, 10> our_names{
    "audit",      "demo.seed", "journal", "journal.unready", "keys",
    "lost+found", "queues",    "run",     "views",           ".kontor-doctor"};

std::string reason(int error) {
    return std::strerror(error);
}

Trouble not_readable(std::string const& path, int error) {
    return {"not_readable",
            {FailureKind::unavailable, "this may not be read: " + reason(error), path}};
}

Trouble not_writable(std::string const& path, int error) {
    auto const remedy = error == EROFS
                            ? fmt::format("Mount the file system of {} so that it may be written, "
                                          "or choose another directory with --data.",
                                          path)
                            : "";
    return {"not_writable",
            {FailureKind::unavailable, "this may not be written: " + reason(error), path},
            remedy};
}

/// Of a file system that shows what the kernel knows, like /proc: it has no blocks at all.
Trouble keeps_no_files(std::string const& path, std::string_view file_system) {
    return {"not_writable",
            {FailureKind::unavailable,
             fmt::format("this may not be written: a file system of the kind {} keeps no files",
                         file_system),
             path},
            "Choose a directory on a disk with --data."};
}

Trouble not_a_directory(std::string const& path) {
    return {"not_a_directory",
            {FailureKind::invalid, "a directory is wanted, and here is something else", path}};
}

Trouble too_many_files(std::string const& path, std::string what) {
    return {"too_many_files", {FailureKind::unavailable, std::move(what), path}};
}

Trouble disk_full(std::string const& path, std::uint64_t free, std::uint64_t wanted) {
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
    return {"disk_full",
            {FailureKind::full,
             fmt::format("the disk is full: {} MiB are free, and {} MiB are needed",
                         free / mebibyte, (wanted + mebibyte - 1) / mebibyte),
             path}};
}

/// How much must be free: who was refused for want of room needs what the log keeps in hand.
std::uint64_t room_wanted(FailureKind kind, ports::DiskState const& state) {
    journal::Limits const limits;
    auto const segment = std::uint64_t{limits.segment_bytes};
    return kind == FailureKind::full ? std::max({2 * segment, limits.free_bytes_min,
                                                 state.bytes_total / 100 * limits.free_percent_min})
                                     : segment;
}

/// What the system says no with.
Trouble refused(std::string const& path, int error) {
    switch (error) {
    case EACCES:
    case EPERM: return not_readable(path, error);
    case ENOTDIR: return not_a_directory(path);
    case EMFILE:
    case ENFILE: return too_many_files(path, reason(error));
    }
    return Failure{FailureKind::unavailable, "the directory cannot be looked at: " + reason(error),
                   path};
}

/// The link at a path that is not there, or on the way to it, that leads nowhere; empty: there is
/// none.
std::string link_to_nowhere(std::string const& path) {
    std::error_code error;
    for (auto at = std::filesystem::absolute(path, error); at != at.parent_path();
         at = at.parent_path()) {
        if (std::filesystem::exists(at, error))
            break;
        if (std::filesystem::is_symlink(std::filesystem::symlink_status(at, error)))
            return at.string();
    }
    return {};
}

Trouble dangling_link(std::string const& path) {
    std::error_code error;
    auto const target = std::filesystem::read_symlink(path, error).string();
    return {"dangling_link",
            {FailureKind::not_found, fmt::format("a link leads to {}, which is not there", target),
             path}};
}

struct Close {
    void operator()(::DIR* listing) const { ::closedir(listing); }
};
using Listing = std::unique_ptr<::DIR, Close>;

/// The name of any read model in a data directory; empty: there is none.
/// Errors: as look_at_directory.
Result<std::string, Trouble> any_read_model(std::string const& directory) {
    auto const views = directory + "/views";
    KONTOR_TRY(auto const there, look_at_directory(views));
    if (there == Standing::nothing)
        return std::string{};
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator(views, error))
        if (entry.path().extension() == ".sqlite")
            return entry.path().string();
    if (error)
        return unexpected(refused(views, error.value()));
    return std::string{};
}

/// The first name in a directory that no shop makes; empty: there is none.
Result<std::string, Trouble> foreign_name(std::string const& directory) {
    std::error_code error;
    std::string found;
    for (auto const& entry : std::filesystem::directory_iterator(directory, error)) {
        auto const name = entry.path().filename().string();
        bool const is_ours =
            std::ranges::find(our_names, std::string_view(name)) != our_names.end();
        if (!is_ours && (found.empty() || name < found))
            found = name;
    }
    if (error)
        return unexpected(refused(directory, error.value()));
    return found;
}

Trouble foreign_directory(std::string const& directory, std::string const& name) {
    return {"foreign_directory",
            {FailureKind::conflict,
             fmt::format("no shop made {}, and none is begun beside it", name), directory}};
}

/// Errors: conflict (foreign_directory), as look_at_directory.
Result<void, Trouble> check_nothing_foreign(std::string const& directory) {
    KONTOR_TRY(auto const name, foreign_name(directory));
    if (!name.empty())
        return unexpected(foreign_directory(directory, name));
    auto const journal = directory + "/journal";
    KONTOR_TRY(auto const there, look_at_directory(journal));
    if (there == Standing::nothing)
        return {};
    KONTOR_TRY(auto const disk, explaining(directory, embedded::Disk::open(journal)));
    KONTOR_TRY(auto const found, explaining(directory, journal::take_inventory(*disk)));
    if (!found.foreign.empty())
        return unexpected(foreign_directory(journal, found.foreign));
    return {};
}

/// The nearest directory there is on the way to a path that is not there.
std::string parent_of(std::string const& path) {
    std::error_code error;
    auto near = std::filesystem::absolute(path, error);
    while (!std::filesystem::exists(near, error) && near != near.parent_path())
        near = near.parent_path();
    return near.string();
}

bool may_open_another() {
    int const file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno != EMFILE && errno != ENFILE;
    ::close(file);
    return true;
}

bool is_there(std::string const& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0;
}

/// Whether `mode` is refused for want of permission; `errno` says why.
bool is_forbidden(std::string const& path, int mode) {
    return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) != 0 &&
           (errno == EACCES || errno == EPERM || errno == EROFS);
}

} // namespace

Result<Standing, Trouble> look_at_directory(std::string const& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        auto const error = errno;
        if (error != ELOOP && error != ENOENT)
            return unexpected(refused(path, error));
        auto const link = link_to_nowhere(path);
        if (link.empty() && error == ENOENT)
            return Standing::nothing;
        return unexpected(dangling_link(link.empty() ? path : link));
    }
    if (!S_ISDIR(status.st_mode))
        return unexpected(not_a_directory(path));
    Listing const listing(::opendir(path.c_str()));
    if (!listing)
        return unexpected(refused(path, errno));
    if (is_forbidden(path, R_OK | X_OK))
        return unexpected(not_readable(path, errno));
    return Standing::directory;
}

Result<std::string, Trouble> existing_journal(std::string const& directory) {
    auto place = directory + "/journal";
    KONTOR_TRY(auto const there, look_at_directory(directory));
    KONTOR_TRY(auto const journal, look_at_directory(place));
    if (journal == Standing::directory) {
        KONTOR_TRY(auto const disk, explaining(directory, embedded::Disk::open(place)));
        KONTOR_TRY(auto const found, explaining(directory, journal::take_inventory(*disk)));
        if (found.is_begun())
            return place;
    }
    if (there == Standing::directory) {
        KONTOR_TRY(auto const rows, any_read_model(directory));
        if (!rows.empty())
            return unexpected(Trouble(
                "corrupt",
                {FailureKind::corrupt,
                 "the log is gone, for rows that followed it are here: " + rows, place},
                "Restore a backup of the log into a new directory: kontor store restore BACKUP "
                "--data DIRECTORY."));
    }
    return unexpected(
        Trouble("no_shop", {FailureKind::not_found, "there is no shop here yet", directory}));
}

Result<void, Trouble> check_may_begin(std::string const& directory, std::uint64_t bytes) {
    KONTOR_TRY(auto const there, look_at_directory(directory));
    if (there == Standing::directory)
        KONTOR_TRY(check_nothing_foreign(directory));
    auto const parent = parent_of(directory);
    KONTOR_TRY(look_at_directory(parent));
    if (is_forbidden(parent, W_OK | X_OK))
        return unexpected(not_writable(directory, errno));
    return check_has_room(directory, bytes);
}

Result<void, Trouble> check_has_room(std::string const& directory, std::uint64_t bytes) {
    KONTOR_TRY(auto const state, embedded::disk_state_near(parent_of(directory)));
    if (state.bytes_total == 0)
        return unexpected(keeps_no_files(directory, state.file_system));
    if (state.bytes_free < bytes)
        return unexpected(disk_full(directory, state.bytes_free, bytes));
    return {};
}

Result<void, Trouble> check_durability(Settings const& settings, std::string const& place) {
    KONTOR_TRY(auto const state, embedded::disk_state_near(place));
    if (state.durability == ports::Durability::durable || !settings.boolean("data.require_durable"))
        return {};
    return unexpected(
        Trouble("not_durable", {FailureKind::unavailable,
                                fmt::format("{} is not known to keep what is synced through a "
                                            "power cut",
                                            state.file_system),
                                place}));
}

Result<void, Trouble> make_data_directory(std::string const& path) {
    KONTOR_TRY(auto const there, look_at_directory(path));
    if (there == Standing::directory)
        return {};
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (!error)
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
    if (!error)
        return {};
    if (error.value() == EACCES || error.value() == EPERM || error.value() == EROFS)
        return unexpected(not_writable(path, error.value()));
    if (error.value() == ENOSPC || error.value() == EDQUOT)
        return unexpected(disk_full(path, 0, journal::Limits{}.segment_bytes));
    return unexpected(Failure{FailureKind::unavailable,
                              "the directory cannot be made: " + error.message(), path});
}

Result<void, Trouble> allow_enough_files() {
    struct rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= open_files_min)
        return {};
    limit.rlim_cur = std::min(limit.rlim_max, open_files_min);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= open_files_min)
        return {};
    return unexpected(
        too_many_files("ulimit -n", fmt::format("{} files may be open at once, and a shop needs {}",
                                                limit.rlim_cur, open_files_min)));
}

Trouble explained(Failure const& failure, std::string const& directory) {
    bool const is_of_the_disk =
        failure.kind == FailureKind::unavailable || failure.kind == FailureKind::broken ||
        failure.kind == FailureKind::full || failure.kind == FailureKind::not_found;
    if (!is_of_the_disk)
        return failure;
    if (!may_open_another())
        return too_many_files(failure.where, failure.what);
    auto const place = is_there(failure.where) ? failure.where : directory;
    if (is_forbidden(place, R_OK))
        return not_readable(place, errno);
    if (failure.kind == FailureKind::not_found)
        return failure;
    for (auto const& path : {place, directory + "/journal", directory})
        if (is_there(path) && is_forbidden(path, W_OK))
            return not_writable(path, errno);
    auto const state = embedded::disk_state_near(place);
    if (!state || failure.kind == FailureKind::unavailable)
        return failure;
    auto const wanted = room_wanted(failure.kind, *state);
    return state->bytes_free < wanted ? disk_full(place, state->bytes_free, wanted)
                                      : Trouble(failure);
}

Trouble explained(Trouble const& trouble, std::string const& directory) {
    bool const is_plain = trouble.problem == &problems::problem_of(trouble.failure.kind);
    return is_plain && trouble.remedy.empty() ? explained(trouble.failure, directory) : trouble;
}

} // namespace kontor::programs
