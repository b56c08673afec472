#include "adapters/embedded/sqlite/boot_mark.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <unistd.h>

namespace kontor::sqlite {
namespace {

constexpr std::string_view mark_name = "/open-since-boot";

/// Stands in the mark where a sync failed: no boot has this name.
constexpr std::string_view never_synced = "a sync failed";

std::string mark_of(std::string const& directory) {
    return directory + std::string(mark_name);
}

std::string first_line_of(std::string const& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

bool write_line(std::string const& path, std::string_view line) {
    std::ofstream file(path, std::ios::trunc);
    file << line << '\n' << std::flush;
    return static_cast<bool>(file);
}

Result<void> sync_files(std::string const& directory) {
    std::error_code error;
    auto entry = std::filesystem::directory_iterator(directory, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        if (entry->is_regular_file(error) && !error)
            KONTOR_TRY(sync_path(entry->path().string()));
    if (error)
        return unexpected(Failure{FailureKind::broken,
                                  "cannot list what should be synced: " + error.message(),
                                  directory});
    return sync_path(directory);
}

} // namespace

Failure refused(std::string_view what, std::string const& path) {
    return {errno == ENOSPC ? FailureKind::full : FailureKind::broken,
            std::string(what) + ": " + std::strerror(errno), path};
}

std::string this_boot() {
    return first_line_of("/proc/sys/kernel/random/boot_id");
}

bool has_stale_mark(std::string const& directory, std::string_view boot) {
    auto const mark = mark_of(directory);
    if (::access(mark.c_str(), F_OK) != 0)
        return false;
    return boot.empty() || first_line_of(mark) != boot;
}

Result<void> set_mark(std::string const& directory, std::string_view boot) {
    auto const mark = mark_of(directory);
    if (!write_line(mark, boot))
        return unexpected(refused("cannot mark the read models as open", mark));
    KONTOR_TRY(sync_path(mark));
    return sync_path(directory);
}

Result<void> clear_mark(std::string const& directory) {
    auto const mark = mark_of(directory);
    if (auto synced = sync_files(directory); !synced) {
        // The system tells it once and then forgets what it could not write: no later sync helps.
        write_line(mark, never_synced);
        return synced;
    }
    if (::unlink(mark.c_str()) != 0 && errno != ENOENT)
        return unexpected(refused("cannot take away the mark of open read models", mark));
    return sync_path(directory);
}

Result<void> sync_path(std::string const& path) {
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return unexpected(refused("cannot open what should be synced", path));
    bool const is_synced = ::fsync(file) == 0;
    auto const failure = refused("cannot sync", path);
    ::close(file);
    if (!is_synced)
        return unexpected(failure);
    return {};
}

} // namespace kontor::sqlite
