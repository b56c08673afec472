#include "programs/kontor/streams.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace kontor::programs {
namespace {

/// As stdout itself, there is one of it in a process.
std::atomic<int> lost{0};
std::atomic<bool> has_changed{false};

void note_lost(int error) {
    int nothing = 0;
    lost.compare_exchange_strong(nothing, error == 0 ? EIO : error);
}

/// A file that can be opened and takes nothing of what belongs on `stream`.
void keep_taken(int stream) {
    if (::fcntl(stream, F_GETFD) >= 0)
        return;
    int const mode = stream == STDERR_FILENO ? O_WRONLY : O_RDONLY;
    int const file = ::open("/dev/null", mode);
    if (file >= 0 && file != stream) {
        ::dup2(file, stream);
        ::close(file);
    }
}

} // namespace

void guard_streams() {
    for (int const stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        keep_taken(stream);
    std::signal(SIGPIPE, SIG_IGN);
}

void write_answer(std::string_view text) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
        note_lost(errno);
}

void flush_answer() {
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        note_lost(errno);
}

int answer_lost() {
    return lost.load();
}

void note_change() {
    has_changed = true;
}

bool changes_something() {
    return has_changed.load();
}

void tell(std::string_view text) {
    auto const written = std::fwrite(text.data(), 1, text.size(), stderr);
    static_cast<void>(written);
    static_cast<void>(std::fflush(stderr));
}

} // namespace kontor::programs
