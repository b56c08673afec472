#pragma once

/// MappedFile: a file as memory that outlives the process. What is stored in it is there for the
/// next process however this one ends, and nobody syncs it: a power cut may lose it, or a part.
/// Thread: the memory's users' business.

#include "base/result.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace kontor::files {

class MappedFile {
public:
    /// Opens it for its owner alone, or makes it full of zeros. Its room is taken at once, so that
    /// no store into it can fail.   Errors: unavailable, full.
    static Result<std::unique_ptr<MappedFile>> open(std::string const& path, std::size_t bytes);
    ~MappedFile();
    MappedFile(MappedFile const&) = delete;
    MappedFile& operator=(MappedFile const&) = delete;

    /// At the beginning of a page.
    std::span<std::byte> memory() const { return memory_; }

private:
    explicit MappedFile(std::span<std::byte> memory) : memory_(memory) {}
    std::span<std::byte> memory_;
};

} // namespace kontor::files
