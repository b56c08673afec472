#pragma once

/// Edge: the front of the house. It listens, reads requests whose framing is beyond doubt, hands
/// them to the exchange and sends back what is answered, on one thread, without ever blocking on a
/// client. Clients that are too many, too slow or too large are refused as `Limits` say.
///
/// Invariants: 1. Each request that was started is answered, or its connection ends.
///             2. After `drain` no connection is taken, what is open is answered, and streams say
///                goodbye; then `run` returns.

#include "adapters/http/answers.hpp"
#include "adapters/http/house.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kontor::http {

struct ListenerOptions {
    services::Listener listener{};
    std::string address{"127.0.0.1"}; ///< of IPv4 or IPv6
    std::uint16_t port{0};            ///< 0: any that is free
    std::size_t body_bytes_max{1 << 20};
    Refuser refuser{}; ///< empty: refusals are problems
};

struct EdgeOptions {
    std::vector<ListenerOptions> listeners{};
    std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]"}; ///< in lower case, no ports
    std::vector<std::string> trusted_proxies{}; ///< addresses that tell whose a connection is
    Limits limits{};
    std::uint64_t seed{0}; ///< of trace ids
};

class Edge {
public:
    /// Listens; requests are answered once `run` is called. Exchange and clock outlive the edge.
    /// Errors: conflict (somebody else holds the port; `where` is "address:port"), invalid (not an
    /// address), unavailable (the system gives no socket).
    static Result<std::unique_ptr<Edge>> open(EdgeOptions options, services::Exchange& exchange,
                                              Clock& clock);
    ~Edge();
    Edge(Edge const&) = delete;
    Edge& operator=(Edge const&) = delete;

    /// Works until drained or stopped.   Thread: its caller's becomes the edge's.
    /// Errors: unavailable (the system refused to wait for sockets).
    Result<void> run();

    /// Answers are there to collect. Costs little while the edge is awake.   Thread: any.
    void wake();
    /// Begins to end. Safe in a signal handler.   Thread: any.
    void drain();
    /// Ends at once, cutting off what is open. Safe in a signal handler.   Thread: any.
    void stop();

    /// The port of a listener, chosen by the system where 0 was asked for.
    std::uint16_t port(services::Listener listener) const;

    /// Thread: the edge's, so within a call of the exchange, or after `run`.
    EdgeCounts const& counts() const;
    std::size_t open_connections() const;

private:
    class Loop;
    explicit Edge(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

} // namespace kontor::http
