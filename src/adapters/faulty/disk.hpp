#pragma once

/// faulty::Disk: a disk whose N-th call fails, once or from then on.
///
/// Thread: as the disk beneath; the count is shared by all its files.

#include "ports/disk.hpp"

#include <atomic>

namespace kontor::faulty {

enum class DiskFault : std::uint8_t {
    io_error,   ///< the call has no effect
    no_space,   ///< writes, creations and syncs fail, reads go on
    short_write ///< the first half of the blocks is written; other calls have no effect
};

struct DiskPlan {
    std::uint64_t fail_at{0}; ///< which call, from 1; 0: none
    DiskFault fault{DiskFault::io_error};
    bool for_ever{false};
};

class Disk final : public ports::Disk {
public:
    explicit Disk(ports::Disk& disk) : disk_(disk) {}

    /// Counts calls from here.   Thread: while no call is under way.
    void plan(DiskPlan plan);
    std::uint64_t calls() const { return calls_.load(); }
    bool has_failed() const { return has_failed_.load(); }

    Result<std::unique_ptr<ports::File>> open(std::string_view name, ports::FileUse use) override;
    Result<void> rename(std::string_view from, std::string_view to) override;
    Result<void> remove(std::string_view name) override;
    Result<std::vector<std::string>> list() override;
    Result<void> sync_directory() override;
    Result<ports::DiskState> state() override { return disk_.state(); }

private:
    class FaultyFile;
    enum class Access { reads, changes };
    /// Counts a call and says whether it must fail.
    bool fails(Access access);
    Failure failure(Access access, std::string_view name) const;

    ports::Disk& disk_;
    DiskPlan plan_{};
    std::atomic<std::uint64_t> calls_{0};
    std::atomic<bool> has_failed_{false};
};

} // namespace kontor::faulty
