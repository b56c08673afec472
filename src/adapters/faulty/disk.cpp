#include "adapters/faulty/disk.hpp"

namespace kontor::faulty {

class Disk::FaultyFile final : public ports::File {
public:
    FaultyFile(Disk& disk, std::unique_ptr<ports::File> file, std::string name)
        : disk_(disk), file_(std::move(file)), name_(std::move(name)) {}

    Result<void> write(std::uint64_t offset, std::span<std::uint8_t const> blocks) override {
        if (!disk_.fails(Access::changes))
            return file_->write(offset, blocks);
        auto const half = blocks.size() / 2 / ports::disk_block_bytes * ports::disk_block_bytes;
        if (disk_.plan_.fault == DiskFault::short_write && half > 0)
            KONTOR_TRY(file_->write(offset, blocks.first(half)));
        return unexpected(disk_.failure(Access::changes, name_));
    }
    Result<void> read(std::uint64_t offset, std::span<std::uint8_t> blocks) override {
        if (disk_.fails(Access::reads))
            return unexpected(disk_.failure(Access::reads, name_));
        return file_->read(offset, blocks);
    }
    Result<void> reserve(std::uint64_t bytes) override {
        if (disk_.fails(Access::changes))
            return unexpected(disk_.failure(Access::changes, name_));
        return file_->reserve(bytes);
    }
    Result<void> sync() override {
        if (disk_.fails(Access::changes))
            return unexpected(disk_.failure(Access::changes, name_));
        return file_->sync();
    }
    std::uint64_t size() const override { return file_->size(); }

private:
    Disk& disk_;
    std::unique_ptr<ports::File> file_;
    std::string name_;
};

void Disk::plan(DiskPlan plan) {
    plan_ = plan;
    calls_ = 0;
    has_failed_ = false;
}

bool Disk::fails(Access access) {
    auto const call = ++calls_;
    bool const is_due =
        plan_.fail_at != 0 && (plan_.for_ever ? call >= plan_.fail_at : call == plan_.fail_at);
    if (!is_due || (plan_.fault == DiskFault::no_space && access == Access::reads))
        return false;
    has_failed_ = true;
    return true;
}

Failure Disk::failure(Access access, std::string_view name) const {
    auto const kind = access == Access::reads ? FailureKind::unavailable : FailureKind::broken;
    switch (plan_.fault) {
    case DiskFault::io_error: return {kind, "input/output error, as planned", std::string(name)};
    case DiskFault::no_space:
        return {kind, "no space left on device, as planned", std::string(name)};
    case DiskFault::short_write: return {kind, "a short write, as planned", std::string(name)};
    }
    KONTOR_UNREACHABLE();
}

Result<std::unique_ptr<ports::File>> Disk::open(std::string_view name, ports::FileUse use) {
    auto const access = use == ports::FileUse::create || use == ports::FileUse::lock
                            ? Access::changes
                            : Access::reads;
    if (fails(access))
        return unexpected(failure(access, name));
    KONTOR_TRY(auto file, disk_.open(name, use));
    return std::unique_ptr<ports::File>(
        std::make_unique<FaultyFile>(*this, std::move(file), std::string(name)));
}

Result<void> Disk::rename(std::string_view from, std::string_view to) {
    if (fails(Access::changes))
        return unexpected(failure(Access::changes, from));
    return disk_.rename(from, to);
}

Result<void> Disk::remove(std::string_view name) {
    if (fails(Access::changes))
        return unexpected(failure(Access::changes, name));
    return disk_.remove(name);
}

Result<std::vector<std::string>> Disk::list() {
    if (fails(Access::reads))
        return unexpected(failure(Access::reads, "."));
    return disk_.list();
}

Result<void> Disk::sync_directory() {
    if (fails(Access::changes))
        return unexpected(failure(Access::changes, "."));
    return disk_.sync_directory();
}

} // namespace kontor::faulty
