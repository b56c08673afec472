#pragma once

/// RecordFile as a regular file, for its owner alone.   Thread: as of the port.

#include "ports/record_file.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace kontor::files {

class RecordFile final : public ports::RecordFile {
public:
    /// Opens it, or makes it. A last record that is not whole is cut.   Errors: unavailable.
    static Result<std::unique_ptr<RecordFile>> open(std::string path, std::size_t record_bytes);
    /// Opens it to be read alone, and leaves it as it is.   Errors: not_found, unavailable.
    static Result<std::unique_ptr<RecordFile>> look(std::string path, std::size_t record_bytes);
    ~RecordFile() override;
    RecordFile(RecordFile const&) = delete;
    RecordFile& operator=(RecordFile const&) = delete;

    std::size_t record_bytes() const override { return record_bytes_; }
    std::uint64_t count() const override { return count_.load(std::memory_order_acquire); }
    Result<void> add(std::span<std::uint8_t const> records) override;
    Result<void> read(std::uint64_t first, std::span<std::uint8_t> into) const override;
    Result<void> cut(std::uint64_t count) override;
    Result<void> sync() override;

private:
    static Result<std::unique_ptr<RecordFile>> with(int flags, std::string path,
                                                    std::size_t record_bytes);
    RecordFile(std::string path, int descriptor, std::size_t record_bytes, std::uint64_t count)
        : path_(std::move(path)), descriptor_(descriptor), record_bytes_(record_bytes),
          count_(count) {}

    std::string path_;
    int descriptor_;
    std::size_t record_bytes_;
    std::atomic<std::uint64_t> count_;
};

} // namespace kontor::files
