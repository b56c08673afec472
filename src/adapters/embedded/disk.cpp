#include "adapters/embedded/disk.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace kontor::embedded {
namespace {

using ports::Durability;
using ports::FileUse;

Failure failed(FailureKind kind, std::string_view what, std::string_view where) {
    return {kind, fmt::format("{}: {}", what, std::strerror(errno)), std::string(where)};
}

class SystemFile final : public ports::File {
public:
    SystemFile(int file, std::string name, bool syncs_each_write)
        : file_(file), name_(std::move(name)), syncs_each_write_(syncs_each_write) {}
    SystemFile(SystemFile const&) = delete;
    SystemFile& operator=(SystemFile const&) = delete;
    ~SystemFile() override { ::close(file_); }

    Result<void> write(std::uint64_t offset, std::span<std::uint8_t const> blocks) override {
        ssize_t written = 0;
        do
            written = ::pwrite(file_, blocks.data(), blocks.size(), static_cast<off_t>(offset));
        while (written < 0 && errno == EINTR);
        if (written < 0)
            return unexpected(failed(FailureKind::broken, "the disk refused a write", name_));
        if (static_cast<std::size_t>(written) != blocks.size())
            return unexpected(Failure{
                FailureKind::broken,
                fmt::format("the disk took {} of {} bytes: is it full?", written, blocks.size()),
                name_});
        return syncs_each_write_ ? sync() : Result<void>{};
    }

    Result<void> read(std::uint64_t offset, std::span<std::uint8_t> blocks) override {
        std::size_t done = 0;
        while (done < blocks.size()) {
            auto const got = ::pread(file_, blocks.data() + done, blocks.size() - done,
                                     static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return unexpected(
                    failed(FailureKind::unavailable, "the disk refused a read", name_));
            if (got == 0)
                return unexpected(
                    Failure{FailureKind::corrupt, "a file ends before what should be read", name_});
            done += static_cast<std::size_t>(got);
        }
        return {};
    }

    Result<void> reserve(std::uint64_t bytes) override {
        int done = 0;
        do
            done = ::fallocate(file_, 0, 0, static_cast<off_t>(bytes));
        while (done != 0 && errno == EINTR);
        // Some file systems cannot promise space; the file is long enough all the same.
        if (done != 0 && errno == EOPNOTSUPP)
            done = ::ftruncate(file_, static_cast<off_t>(bytes));
        if (done != 0)
            return unexpected(failed(FailureKind::broken, "the disk has no space for it", name_));
        return {};
    }

    Result<void> sync() override {
        if (::fdatasync(file_) != 0)
            return unexpected(failed(FailureKind::broken, "the disk refused a sync", name_));
        return {};
    }

    std::uint64_t size() const override {
        struct stat status{};
        return ::fstat(file_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
    }

private:
    int file_;
    std::string name_;
    bool syncs_each_write_;
};

struct FileSystem {
    long magic;
    Durability durability;
    char const* name;
};

/// Source: statfs(2), the table of magic numbers.
constexpr FileSystem file_systems[] = {
    {0xEF53, Durability::durable, "ext4"},         {0x58465342, Durability::durable, "xfs"},
    {0x01021994, Durability::volatile_, "tmpfs"},  {0x858458f6, Durability::volatile_, "ramfs"},
    {0x794c7630, Durability::unproven, "overlay"}, {0x9123683e, Durability::unproven, "btrfs"},
    {0x2fc12fc1, Durability::unproven, "zfs"},     {0x6969, Durability::unproven, "nfs"},
    {0x9fa0, Durability::volatile_, "proc"},       {0x62656572, Durability::volatile_, "sysfs"},
};

/// Takes the lock and leaves the holder's name in the file, for whoever comes second.
Result<void> hold(int file, FileUse use, std::string const& path) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
        if (use == FileUse::lock_as_it_is)
            return {};
        auto const pid = fmt::format("{}\n", ::getpid());
        bool const is_named =
            ::ftruncate(file, 0) == 0 && ::pwrite(file, pid.data(), pid.size(), 0) > 0;
        static_cast<void>(is_named); // a lock without a name is a lock
        return {};
    }
    std::array<char, 16> pid{};
    auto const size = ::pread(file, pid.data(), pid.size(), 0);
    std::string_view const text(pid.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    auto const name = text.substr(0, text.find('\n'));
    return unexpected(
        Failure{FailureKind::unavailable,
                fmt::format("{} has this directory open: stop it, or wait until it is done",
                            name.empty() ? "another process" : fmt::format("process {}", name)),
                path});
}

ports::DiskState state_of(struct statfs const& system, bool is_direct) {
    auto const block = static_cast<std::uint64_t>(system.f_bsize);
    ports::DiskState state{Durability::unproven, is_direct, system.f_bavail * block,
                           system.f_blocks * block, fmt::format("type {:x}", system.f_type)};
    for (auto const& known : file_systems)
        if (known.magic == system.f_type) {
            state.durability = known.durability;
            state.file_system = known.name;
        }
    return state;
}

/// Whether a name in a directory is a file. One that has gone meanwhile is none; one that cannot be
/// looked at is an error, for a log must not be taken for a shorter one.
Result<bool> is_file(int directory, char const* name, std::string const& path) {
    struct stat status{};
    if (::fstatat(directory, name, &status, 0) == 0)
        return S_ISREG(status.st_mode);
    bool const has_gone = errno == ENOENT &&
                          ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0 &&
                          errno == ENOENT;
    if (has_gone)
        return false;
    return unexpected(
        failed(FailureKind::unavailable, "a file cannot be looked at", path + "/" + name));
}

} // namespace

Result<std::unique_ptr<Disk>> Disk::open(std::string path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        auto const kind = errno == ENOENT                      ? FailureKind::not_found
                          : errno == ENOSPC || errno == EDQUOT ? FailureKind::full
                                                               : FailureKind::unavailable;
        return unexpected(failed(kind, "the directory cannot be made", path));
    }
    int const directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return unexpected(failed(FailureKind::unavailable, "the directory cannot be opened", path));
    auto disk = std::unique_ptr<Disk>(new Disk(std::move(path), directory));
    disk->is_direct_ = disk->accepts_direct();
    return disk;
}

Disk::Disk(std::string path, int directory) : path_(std::move(path)), directory_(directory) {}

Disk::~Disk() {
    ::close(directory_);
}

/// tmpfs of older kernels and some network file systems refuse O_DIRECT when a file is opened.
bool Disk::accepts_direct() {
    int const file = ::openat(directory_, ".", O_TMPFILE | O_RDWR | O_DIRECT | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    ::close(file);
    return true;
}

Result<std::unique_ptr<ports::File>> Disk::open(std::string_view name, FileUse use) {
    std::string const text(name);
    int flags = O_CLOEXEC;
    switch (use) {
    case FileUse::read: flags |= O_RDONLY; break;
    case FileUse::log: flags |= O_RDWR | (is_direct_ ? O_DIRECT | O_DSYNC : 0); break;
    case FileUse::create: flags |= O_RDWR | O_CREAT | O_TRUNC | (is_direct_ ? O_DIRECT : 0); break;
    case FileUse::lock: flags |= O_RDWR | O_CREAT; break;
    case FileUse::lock_as_it_is: flags |= O_RDONLY; break;
    }
    int const file = ::openat(directory_, text.c_str(), flags, 0600);
    if (file < 0) {
        auto const kind = errno == ENOENT          ? FailureKind::not_found
                          : use == FileUse::create ? FailureKind::broken
                                                   : FailureKind::unavailable;
        return unexpected(failed(kind, "the file cannot be opened", path_ + "/" + text));
    }
    auto opened =
        std::make_unique<SystemFile>(file, path_ + "/" + text, use == FileUse::log && !is_direct_);
    if (use == FileUse::lock || use == FileUse::lock_as_it_is)
        KONTOR_TRY(hold(file, use, path_ + "/" + text));
    return std::unique_ptr<ports::File>(std::move(opened));
}

Result<void> Disk::rename(std::string_view from, std::string_view to) {
    if (::renameat(directory_, std::string(from).c_str(), directory_, std::string(to).c_str()) == 0)
        return {};
    auto const kind = errno == ENOENT ? FailureKind::not_found : FailureKind::broken;
    return unexpected(failed(kind, "the file cannot be renamed", path_ + "/" + std::string(from)));
}

Result<void> Disk::remove(std::string_view name) {
    if (::unlinkat(directory_, std::string(name).c_str(), 0) == 0 || errno == ENOENT)
        return {};
    return unexpected(
        failed(FailureKind::broken, "the file cannot be removed", path_ + "/" + std::string(name)));
}

Result<std::vector<std::string>> Disk::list() {
    struct Close {
        void operator()(::DIR* listing) const { ::closedir(listing); }
    };
    std::unique_ptr<::DIR, Close> const listing(::opendir(path_.c_str()));
    if (!listing)
        return unexpected(failed(FailureKind::unavailable, "the directory cannot be read", path_));
    std::vector<std::string> names;
    errno = 0;
    while (auto const* entry = ::readdir(listing.get())) {
        KONTOR_TRY(auto const is_wanted, is_file(directory_, entry->d_name, path_));
        if (is_wanted)
            names.emplace_back(entry->d_name);
        errno = 0; // the end of the listing is told from an error by nothing else
    }
    if (errno != 0)
        return unexpected(failed(FailureKind::unavailable, "the directory cannot be read", path_));
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> Disk::sync_directory() {
    if (::fsync(directory_) != 0)
        return unexpected(
            failed(FailureKind::broken, "the disk refused to sync the directory", path_));
    return {};
}

Result<ports::DiskState> Disk::state() {
    struct statfs system{};
    if (::fstatfs(directory_, &system) != 0)
        return unexpected(failed(FailureKind::unavailable, "the disk gives no answer", path_));
    return state_of(system, is_direct_);
}

Result<ports::DiskState> disk_state_near(std::string const& path) {
    std::error_code error;
    auto near = std::filesystem::absolute(path, error);
    while (!std::filesystem::is_directory(near, error) && near != near.parent_path())
        near = near.parent_path();
    struct statfs system{};
    if (::statfs(near.c_str(), &system) != 0)
        return unexpected(
            failed(FailureKind::unavailable, "the disk gives no answer", near.string()));
    return state_of(system, false);
}

} // namespace kontor::embedded
