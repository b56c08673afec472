#pragma once

/// FileSource: a regular file as a source of bytes. Pipes and terminals are refused, for they can
/// be read once only.   Thread: one.

#include "ports/byte_source.hpp"

#include <memory>
#include <string>

namespace kontor::files {

class FileSource final : public ports::ByteSource {
public:
    /// Errors: not_found, unsupported (a directory, a pipe, a device), unavailable (may not be
    ///         read).
    static Result<std::unique_ptr<FileSource>> open(std::string path);
    ~FileSource() override;
    FileSource(FileSource const&) = delete;
    FileSource& operator=(FileSource const&) = delete;

    std::string_view name() const override { return path_; }
    std::optional<std::uint64_t> try_size() const override { return size_; }
    Result<std::size_t> read(std::span<char> into) override;
    Result<void> rewind() override;

private:
    FileSource(std::string path, int descriptor, std::uint64_t size)
        : path_(std::move(path)), descriptor_(descriptor), size_(size) {}

    std::string path_;
    int descriptor_;
    std::uint64_t size_;
};

} // namespace kontor::files
