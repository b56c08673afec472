#pragma once

/// Swarm: many connections that ask one server, each one call at a time, for whoever measures the
/// server from outside. A call has the moment at which it was meant to go out; when all connections
/// are busy it waits here, and this wait is part of how long it took, or a stalled server would
/// hide its stall.
/// Source: G. Tene, "How NOT to measure latency": coordinated omission.   Thread: one.

#include "base/clock.hpp"
#include "base/result.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace kontor::swarm {

struct SwarmOptions {
    std::string address{"127.0.0.1"}; ///< of IPv4
    std::uint16_t port{0};
    std::size_t connections{32};
    bool keeps_bodies{false}; ///< of answers
};

struct SwarmCall {
    Duration meant_at; ///< on the monotonic clock
    std::string bytes; ///< the whole request of HTTP/1.1
    std::uint32_t kind{0};
};

struct SwarmAnswer {
    std::uint32_t kind;
    std::uint16_t status; ///< 0: none came, the connection ended
    Duration meant_at;
    Duration sent_at;
    Duration answered_at;
    std::string body{}; ///< where bodies are kept
};

class Swarm {
public:
    /// The clock outlives it.
    /// Errors: unavailable (no connection, no descriptors), invalid (not an address).
    static Result<std::unique_ptr<Swarm>> open(SwarmOptions options, Clock& clock);
    ~Swarm();
    Swarm(Swarm const&) = delete;
    Swarm& operator=(Swarm const&) = delete;

    void ask(SwarmCall call) { waiting_.push_back(std::move(call)); }

    /// Sends what waits on connections that are free, waits for the server at most so long, and
    /// appends what it answered.
    /// Errors: unavailable (the server takes no connection any more).
    Result<void> turn(Duration wait_max, std::vector<SwarmAnswer>& answers);

    std::size_t waiting() const { return waiting_.size(); }
    std::size_t under_way() const { return under_way_; }

private:
    struct Line;
    Swarm(SwarmOptions options, Clock& clock);
    Result<void> connect(Line& line);
    Result<void> send_waiting(std::vector<SwarmAnswer>& answers);
    void write_on(Line& line, std::vector<SwarmAnswer>& answers);
    void watch(Line& line, bool for_room);
    void read_on(Line& line, std::vector<SwarmAnswer>& answers);
    bool take_answer(Line& line, std::vector<SwarmAnswer>& answers);
    void finish(Line& line, std::uint16_t status, std::string body,
                std::vector<SwarmAnswer>& answers);
    void close(Line& line);

    SwarmOptions const options_;
    Clock& clock_;
    int epoll_{-1};
    std::vector<std::unique_ptr<Line>> lines_;
    std::vector<Line*> free_;
    std::deque<SwarmCall> waiting_;
    std::size_t under_way_{0};
};

} // namespace kontor::swarm
