#include "adapters/files/mapped_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace kontor::files {
namespace {

constexpr ::mode_t readable_by_owner = 0600;

Failure not_mapped(std::string const& path, int error) {
    return {error == ENOSPC ? FailureKind::full : FailureKind::unavailable,
            std::string("the file cannot be kept in memory: ") + std::strerror(error), path};
}

} // namespace

Result<std::unique_ptr<MappedFile>> MappedFile::open(std::string const& path, std::size_t bytes) {
    int const descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, readable_by_owner);
    if (descriptor < 0)
        return unexpected(not_mapped(path, errno));
    int error = ::posix_fallocate(descriptor, 0, static_cast<::off_t>(bytes));
    void* memory = MAP_FAILED;
    if (error == 0) {
        memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        error = memory == MAP_FAILED ? errno : 0;
    }
    ::close(descriptor);
    if (error != 0)
        return unexpected(not_mapped(path, error));
    return std::unique_ptr<MappedFile>(
        new MappedFile(std::span(static_cast<std::byte*>(memory), bytes)));
}

MappedFile::~MappedFile() {
    ::munmap(memory_.data(), memory_.size());
}

} // namespace kontor::files
