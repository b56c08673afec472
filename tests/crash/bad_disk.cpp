/// Loaded in front of the C library, it spoils a program's disk, so that the loops can show that
/// they would notice. BAD_DISK=no_sync: nothing is ever synced, though every call says so.
/// BAD_DISK=late_write: a write is said to be done 30 ms before it is. BAD_DISK_MARK names a file
/// that is made when either happened for the first time.

#include <chrono>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Write = ssize_t (*)(int, void const*, size_t, off_t);
using Open = int (*)(int, char const*, int, ...);
using Sync = int (*)(int);

template <class Function>
Function real(char const* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

bool is_bad(std::string_view how) {
    static char const* const chosen = std::getenv("BAD_DISK");
    return chosen != nullptr && how == chosen;
}

void mark() {
    static bool const made = [] {
        if (char const* const path = std::getenv("BAD_DISK_MARK"))
            ::close(real<Open>("openat")(AT_FDCWD, path, O_CREAT | O_WRONLY, 0600));
        return true;
    }();
    static_cast<void>(made);
}

constexpr std::chrono::milliseconds lateness{30};

struct Late {
    int file;
    std::vector<char> bytes;
    off_t offset;
    std::chrono::steady_clock::time_point due;
};

/// Writes in their sequence, each a little late, on a thread of its own that ends with the process.
class LateWrites {
public:
    ssize_t add(int file, void const* bytes, size_t size, off_t offset) {
        auto const* const first = static_cast<char const*>(bytes);
        std::lock_guard const lock(mutex_);
        late_.push_back({::dup(file),
                         {first, first + size},
                         offset,
                         std::chrono::steady_clock::now() + lateness});
        return static_cast<ssize_t>(size);
    }

    static LateWrites& instance() {
        static auto* const writes = new LateWrites;
        return *writes;
    }

private:
    LateWrites() : thread_([this] { work(); }) {}

    void work() {
        for (;;) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            std::lock_guard const lock(mutex_);
            while (!late_.empty() && late_.front().due <= std::chrono::steady_clock::now()) {
                write(late_.front());
                late_.pop_front();
            }
        }
    }

    static void write(Late const& late) {
        void* aligned = nullptr;
        if (posix_memalign(&aligned, 4096, late.bytes.size()) == 0) {
            std::memcpy(aligned, late.bytes.data(), late.bytes.size());
            static_cast<void>(
                real<Write>("pwrite64")(late.file, aligned, late.bytes.size(), late.offset));
            std::free(aligned);
        }
        ::close(late.file);
    }

    std::mutex mutex_;
    std::deque<Late> late_;
    std::thread thread_; ///< never joined: this lives as long as the process
};

ssize_t write_at(int file, void const* bytes, size_t size, off_t offset) {
    if (!is_bad("late_write"))
        return real<Write>("pwrite64")(file, bytes, size, offset);
    mark();
    return LateWrites::instance().add(file, bytes, size, offset);
}

int sync(char const* name, int file) {
    if (!is_bad("no_sync"))
        return real<Sync>(name)(file);
    mark();
    return 0;
}

} // namespace

extern "C" {

ssize_t pwrite(int file, void const* bytes, size_t size, off_t offset) {
    return write_at(file, bytes, size, offset);
}
ssize_t pwrite64(int file, void const* bytes, size_t size, off_t offset) {
    return write_at(file, bytes, size, offset);
}
int fsync(int file) {
    return sync("fsync", file);
}
int fdatasync(int file) {
    return sync("fdatasync", file);
}
int openat(int directory, char const* path, int flags, ...) {
    std::va_list more;
    va_start(more, flags);
    auto const mode = va_arg(more, mode_t);
    va_end(more);
    if (is_bad("no_sync") && (flags & O_DSYNC) != 0) {
        mark();
        flags &= ~O_SYNC;
    }
    return real<Open>("openat")(directory, path, flags, mode);
}
}
