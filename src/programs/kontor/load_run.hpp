#pragma once

/// One level of a load test: calls go out at moments that were drawn beforehand, whatever the
/// server answers, and each counts from the moment at which it was meant to go out. Rates, answers
/// and failures count orders and looks, however many of them one request carries; latencies and
/// lateness are those of requests.
/// Source: G. Tene, "How NOT to measure latency".   Thread: one.

#include "adapters/swarm/swarm.hpp"
#include "platform/telemetry/latencies.hpp"
#include "programs/kontor/load_script.hpp"

#include <array>
#include <map>
#include <vector>

namespace kontor::programs {

enum class LoadMix : unsigned char { orders, browse, shop };

/// How often is asked, and for how long.
struct LoadPlan {
    double rate{200}; ///< orders and looks a second, on average; requests come by chance
    Duration warm_up{Duration::seconds(1)};
    Duration counted{Duration::seconds(10)};
    LoadMix mix{LoadMix::orders};
    std::size_t batch{1};             ///< orders in one request, of those that go in batches
    std::uint32_t batched_percent{0}; ///< of the orders go in batches
};

/// How requests are drawn, so that orders and looks come as the plan says.
struct LoadDraw {
    std::uint64_t looks{0};
    std::uint64_t orders{0};
    std::uint64_t batches{0}; ///< these three: their parts of `sides` requests
    std::uint64_t sides{1};
    double requests_per_second{0};
};
LoadDraw draw_of(LoadPlan const& plan);

/// One second of those that count, by when its calls were meant to go out.
struct LoadSecond {
    std::uint64_t answers{0};
    std::uint64_t failures{0};
    Duration slowest{};
};

/// What came of one level.
struct LoadLevel {
    LoadPlan plan;
    telemetry::Latencies all;
    std::array<telemetry::Latencies, load_kinds> by_kind;
    telemetry::Latencies waited;                     ///< for a free connection
    std::map<std::uint16_t, std::uint64_t> statuses; ///< in a batch each order has its own
    std::vector<LoadSecond> seconds;
    std::uint64_t answered{0};   ///< orders and looks
    std::uint64_t unanswered{0}; ///< the same, ten seconds after the last request
    std::uint64_t asked{0};      ///< requests that count
    std::uint64_t late{0};       ///< of these, left over 1 ms late by our own doing

    /// No answer, or one that says the server failed; a refusal for too many calls is none.
    std::uint64_t failures() const;
    double answered_per_second() const;
    /// Orders that the shop took in, each answered with 201.
    std::uint64_t accepted() const;
    /// More than one request in a thousand left late: what was measured is the tester, not the
    /// server.
    bool is_void() const { return late * 1000 > asked; }
};

class LoadRun {
public:
    /// All outlive it.
    LoadRun(LoadScript const& script, Clock& clock, swarm::Swarm& swarm, Random dice)
        : script_(script), clock_(clock), swarm_(swarm), dice_(std::move(dice)) {}

    /// Ends early on Ctrl-C.   Errors: unavailable (the server takes no connection any more).
    Result<std::unique_ptr<LoadLevel>> run(LoadPlan const& plan);

private:
    Duration pause(double rate);
    swarm::SwarmCall call_at(Duration meant_at, LoadDraw const& draw, std::size_t batch);
    void take_answers(LoadLevel& level, Duration from);

    LoadScript const& script_;
    Clock& clock_;
    swarm::Swarm& swarm_;
    Random dice_;
    std::uint64_t orders_{0};
    std::uint64_t open_{0}; ///< orders and looks that were asked and not answered
    std::vector<swarm::SwarmAnswer> answers_;
};

} // namespace kontor::programs
