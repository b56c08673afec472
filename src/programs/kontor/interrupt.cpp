#include "programs/kontor/interrupt.hpp"

#include <csignal>
#include <unistd.h>

namespace kontor::programs {
namespace {

std::sig_atomic_t volatile interrupts = 0;
std::sig_atomic_t volatile hangups = 0;

extern "C" void count_interrupt(int) {
    constexpr int interrupted = 130;
    interrupts = interrupts + 1;
    if (interrupts > 1)
        _exit(interrupted);
}

extern "C" void note_hangup(int) {
    hangups = 1;
}

} // namespace

void watch_for_interrupts() {
    std::signal(SIGINT, count_interrupt);
    std::signal(SIGTERM, count_interrupt);
}

bool was_interrupted() {
    return interrupts > 0;
}

void watch_for_hangups() {
    std::signal(SIGHUP, note_hangup);
}

bool took_hangup() {
    if (hangups == 0)
        return false; // one that comes now is left for the next call
    hangups = 0;
    return true;
}

} // namespace kontor::programs
