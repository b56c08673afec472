#include "adapters/files/file_source.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::files {
namespace {

Failure failure(FailureKind kind, std::string what, std::string const& path) {
    return {kind, std::move(what), path};
}

Failure failure_of(int error, std::string const& path) {
    auto const kind =
        error == ENOENT || error == ENOTDIR ? FailureKind::not_found : FailureKind::unavailable;
    return failure(kind, std::string("the file cannot be read: ") + std::strerror(error), path);
}

} // namespace

Result<std::unique_ptr<FileSource>> FileSource::open(std::string path) {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return unexpected(failure_of(errno, path));
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) {
        int const error = errno;
        ::close(descriptor);
        return unexpected(failure_of(error, path));
    }
    if (!S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return unexpected(failure(FailureKind::unsupported,
                                  "this is no file: a file is wanted that can be read twice",
                                  path));
    }
    return std::unique_ptr<FileSource>(
        new FileSource(std::move(path), descriptor, static_cast<std::uint64_t>(status.st_size)));
}

FileSource::~FileSource() {
    ::close(descriptor_);
}

Result<std::size_t> FileSource::read(std::span<char> into) {
    for (;;) {
        auto const count = ::read(descriptor_, into.data(), into.size());
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            return unexpected(failure_of(errno, path_));
    }
}

Result<void> FileSource::rewind() {
    if (::lseek(descriptor_, 0, SEEK_SET) != 0)
        return unexpected(failure_of(errno, path_));
    return {};
}

} // namespace kontor::files
