#pragma once

/// embedded::Disk: a directory of the machine. The log is written past the page cache, each write
/// synced when it returns (`O_DIRECT|O_DSYNC`); where the file system refuses direct I/O, buffered
/// with an fdatasync after each write. New files go past the page cache, too: nobody reads the
/// zeros of a segment to come, and the log's own writes would have to throw them out of it.
/// Durability goes by the type of the file system, not by what it accepts: tmpfs and overlay take
/// both flags and keep nothing.
/// Source: RELIABILITY section 6.

#include "ports/disk.hpp"

namespace kontor::embedded {

/// Of the nearest directory there is on the way to `path`, which may not have been made yet.
/// Errors:   unavailable.
Result<ports::DiskState> disk_state_near(std::string const& path);

class Disk final : public ports::Disk {
public:
    /// Makes the directory if its parent is there.
    /// Errors:   not_found (there is no parent), full, unavailable (whatever else the system says).
    static Result<std::unique_ptr<Disk>> open(std::string path);
    ~Disk() override;

    Result<std::unique_ptr<ports::File>> open(std::string_view name, ports::FileUse use) override;
    Result<void> rename(std::string_view from, std::string_view to) override;
    Result<void> remove(std::string_view name) override;
    Result<std::vector<std::string>> list() override;
    Result<void> sync_directory() override;
    Result<ports::DiskState> state() override;

private:
    Disk(std::string path, int directory);
    bool accepts_direct();

    std::string path_;
    int directory_;
    bool is_direct_{false};
};

} // namespace kontor::embedded
