#pragma once

/// Phase: what the calling thread does from now on, as the thread's name, so that a profile tells
/// one part of a benchmark from the others.   Requires: at most 15 letters.

#include <array>
#include <pthread.h>

namespace kontor::bench {

class Phase {
public:
    explicit Phase(char const* name) {
        pthread_getname_np(pthread_self(), before_.data(), before_.size());
        pthread_setname_np(pthread_self(), name);
    }
    ~Phase() { pthread_setname_np(pthread_self(), before_.data()); }
    Phase(Phase const&) = delete;
    Phase& operator=(Phase const&) = delete;

private:
    std::array<char, 16> before_{};
};

} // namespace kontor::bench
