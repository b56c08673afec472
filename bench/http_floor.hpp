#pragma once

/// F2: what HTTP costs here without us. A bare loop over epoll that looks for the end of a request
/// and sends bytes that were made before; and nginx with a file, where it is installed.

#include "adapters/http/sockets.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace kontor::bench {

/// The calling thread runs on this processor alone, and so do the threads it starts.
void pin_thread_to(int processor);

/// Processor time that a thread or process has used so far. Units: microseconds.
double thread_cpu_us(std::thread& thread);
double process_cpu_us(int process);
double this_thread_cpu_us();

/// A responder that does nothing for `lasts` in every `each`, as one that collects garbage.
struct Stall {
    std::chrono::milliseconds each{0}; ///< zero: it never stalls
    std::chrono::milliseconds lasts{0};
};

class BareResponder {
public:
    /// Answers each `request_bytes` that come in with `answer`.
    BareResponder(std::size_t request_bytes, std::string answer, Stall stall = {});
    ~BareResponder();
    BareResponder(BareResponder const&) = delete;
    BareResponder& operator=(BareResponder const&) = delete;

    std::uint16_t port() const { return port_; }
    std::thread& thread() { return thread_; }

private:
    void run();
    void stall_when_due();
    void take(int epoll, int socket);

    std::size_t const request_bytes_;
    std::string answers_; ///< many in sequence
    std::size_t answer_bytes_;
    Stall const stall_;
    std::chrono::steady_clock::time_point next_stall_;
    http::Descriptor listening_;
    std::uint16_t port_;
    std::atomic<bool> is_over_{false};
    std::thread thread_;
};

/// nginx, one worker, serving one file of `body` at /file on loopback.
class Nginx {
public:
    Nginx(std::string const& directory, std::string const& body);
    ~Nginx();
    Nginx(Nginx const&) = delete;
    Nginx& operator=(Nginx const&) = delete;

    bool is_there() const { return port_ != 0; }
    std::uint16_t port() const { return port_; }
    int worker() const { return worker_; }

private:
    int process_{-1};
    int worker_{-1};
    std::uint16_t port_{0};
};

} // namespace kontor::bench
