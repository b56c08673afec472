#pragma once

/// RequestLog: what is kept of the requests that were answered. Every one is counted by its route.
/// A line of the log gets what somebody will ask about: errors of ours, and what took long; at
/// fifty thousand requests a second there is no reading more. For a look at everything all get one.
/// No line has more of a request than its route, so nothing personal comes by that way.
///
/// Invariants: 1. At most `lines_a_second` of a kind; the next line says how many were held back.
/// Source: RELIABILITY section 11, logs.   Thread: the edge's, which also reads the metrics.

#include "platform/telemetry/metrics.hpp"
#include "programs/kontor/serve_log.hpp"
#include "services/gateway/gateway.hpp"

#include <array>

namespace kontor::programs {

struct RequestLogOptions {
    bool all{false}; ///< a line for each
    Duration slow{Duration::milliseconds(250)};
};

class RequestLog {
public:
    static constexpr std::uint64_t lines_a_second = 20;

    /// All outlive it.
    RequestLog(ServerLog& log, telemetry::Metrics& metrics, Clock& clock,
               RequestLogOptions options);

    void note(services::gateway::Handled const& handled);

private:
    /// Lines of one kind in this second.
    struct Pace {
        Duration since{};
        std::uint64_t lines{0};
        std::uint64_t held_back{0};
    };
    static constexpr std::size_t classes = 5; ///< of statuses, by their first digit from 1

    std::vector<telemetry::Sample> times() const;
    void count(services::gateway::Handled const& handled);
    bool may_write(Pace& pace) const;
    void write(services::gateway::Handled const& handled, telemetry::Level level,
               std::string message, Pace& pace);

    ServerLog& log_;
    Clock& clock_;
    RequestLogOptions const options_;
    std::vector<std::array<telemetry::Counter*, classes>> by_route_;
    std::vector<Duration> took_; ///< by route, of all its requests together
    Pace errors_{};
    Pace slow_{};
    Pace others_{};
};

} // namespace kontor::programs
