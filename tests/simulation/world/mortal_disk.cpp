#include "tests/simulation/world/mortal_disk.hpp"

namespace kontor::simulation {

class MortalDisk::MortalFile final : public ports::File {
public:
    MortalFile(MortalDisk& disk, std::unique_ptr<ports::File> file)
        : disk_(disk), file_(std::move(file)) {}

    Result<void> write(std::uint64_t offset, std::span<std::uint8_t const> blocks) override {
        return disk_.pass([&] { return file_->write(offset, blocks); });
    }
    Result<void> read(std::uint64_t offset, std::span<std::uint8_t> blocks) override {
        return disk_.pass([&] { return file_->read(offset, blocks); });
    }
    Result<void> reserve(std::uint64_t bytes) override {
        return disk_.pass([&] { return file_->reserve(bytes); });
    }
    Result<void> sync() override {
        return disk_.pass([&] { return file_->sync(); });
    }
    std::uint64_t size() const override { return file_->size(); }

private:
    MortalDisk& disk_;
    std::unique_ptr<ports::File> file_;
};

Result<std::unique_ptr<ports::File>> MortalDisk::open(std::string_view name, ports::FileUse use) {
    KONTOR_TRY(auto file, pass([&] { return disk_.open(name, use); }));
    return std::unique_ptr<ports::File>(std::make_unique<MortalFile>(*this, std::move(file)));
}

Result<void> MortalDisk::rename(std::string_view from, std::string_view to) {
    return pass([&] { return disk_.rename(from, to); });
}

Result<void> MortalDisk::remove(std::string_view name) {
    return pass([&] { return disk_.remove(name); });
}

Result<std::vector<std::string>> MortalDisk::list() {
    return pass([&] { return disk_.list(); });
}

Result<void> MortalDisk::sync_directory() {
    return pass([&] { return disk_.sync_directory(); });
}

Result<ports::DiskState> MortalDisk::state() {
    return pass([&] { return disk_.state(); });
}

} // namespace kontor::simulation
