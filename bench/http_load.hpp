#pragma once

/// A generator of HTTP load over loopback, closed loop: so many connections, each with so many
/// requests under way, which sends the next as soon as an answer is whole. For rates; latencies are
/// measured in open loop by others.   Thread: one.

#include <cstdint>
#include <string>

namespace kontor::bench {

struct LoadShape {
    std::string request; ///< the bytes of one request
    int connections{64};
    int pipelined{1};
};

/// Answers a second over `seconds`. All answers must have the length of the first. Zero: the server
/// gave none, or hung up.
double measure_http_rate(std::uint16_t port, LoadShape const& shape, double seconds);

/// Opens `count` connections that ask once, read the answer and then wait; they live until closed.
class IdleClients {
public:
    /// In a process of its own, because one process may not have files enough for both sides.
    IdleClients(std::uint16_t port, int count, std::string request);
    ~IdleClients();
    IdleClients(IdleClients const&) = delete;
    IdleClients& operator=(IdleClients const&) = delete;

    /// How many got their answer.
    int answered() const { return answered_; }

private:
    int process_{-1};
    int answered_{0};
    int hold_{-1}; ///< closed, the clients leave
};

} // namespace kontor::bench
