#include "adapters/files/record_file.hpp"

#include "base/assert.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kontor::files {
namespace {

constexpr ::mode_t owner_only = 0600;

Failure failure_of(std::string_view what, std::string const& path) {
    return {FailureKind::unavailable, std::string(what) + ": " + std::strerror(errno), path};
}

} // namespace

Result<std::unique_ptr<RecordFile>> RecordFile::open(std::string path, std::size_t record_bytes) {
    KONTOR_TRY(auto file, with(O_RDWR | O_CREAT, std::move(path), record_bytes));
    KONTOR_TRY(file->cut(file->count()));
    return file;
}

Result<std::unique_ptr<RecordFile>> RecordFile::look(std::string path, std::size_t record_bytes) {
    return with(O_RDONLY, std::move(path), record_bytes);
}

Result<std::unique_ptr<RecordFile>> RecordFile::with(int flags, std::string path,
                                                     std::size_t record_bytes) {
    int const descriptor = ::open(path.c_str(), flags | O_CLOEXEC, owner_only);
    if (descriptor < 0 && errno == ENOENT && (flags & O_CREAT) == 0)
        return unexpected(Failure{FailureKind::not_found, "there is no such file", path});
    if (descriptor < 0)
        return unexpected(failure_of("the file cannot be opened", path));
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) {
        auto const failed = failure_of("the file cannot be read", path);
        ::close(descriptor);
        return unexpected(failed);
    }
    auto const count = static_cast<std::uint64_t>(status.st_size) / record_bytes;
    return std::unique_ptr<RecordFile>(
        new RecordFile(std::move(path), descriptor, record_bytes, count));
}

RecordFile::~RecordFile() {
    ::close(descriptor_);
}

Result<void> RecordFile::add(std::span<std::uint8_t const> records) {
    KONTOR_ASSERT(records.size() % record_bytes_ == 0, "{} bytes are no records", records.size());
    auto at = static_cast<::off_t>(count() * record_bytes_);
    for (auto rest = records; !rest.empty();) {
        auto const written = ::pwrite(descriptor_, rest.data(), rest.size(), at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return unexpected(failure_of("the file cannot be written", path_));
        rest = rest.subspan(static_cast<std::size_t>(written));
        at += written;
    }
    count_.fetch_add(records.size() / record_bytes_, std::memory_order_release);
    return {};
}

Result<void> RecordFile::read(std::uint64_t first, std::span<std::uint8_t> into) const {
    auto at = static_cast<::off_t>(first * record_bytes_);
    while (!into.empty()) {
        auto const got = ::pread(descriptor_, into.data(), into.size(), at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return unexpected(failure_of("the file cannot be read", path_));
        if (got == 0)
            return unexpected(
                Failure{FailureKind::corrupt, "the file of records ends before", path_});
        into = into.subspan(static_cast<std::size_t>(got));
        at += got;
    }
    return {};
}

Result<void> RecordFile::cut(std::uint64_t count) {
    if (::ftruncate(descriptor_, static_cast<::off_t>(count * record_bytes_)) != 0)
        return unexpected(failure_of("the file cannot be cut", path_));
    count_.store(count, std::memory_order_release);
    return {};
}

Result<void> RecordFile::sync() {
    if (::fdatasync(descriptor_) != 0)
        return unexpected(failure_of("the file cannot be made durable", path_));
    return {};
}

} // namespace kontor::files
