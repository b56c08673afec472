#pragma once

/// Peers: those who do the same, run in the same minutes. A peer is a process that is asked again
/// and again, so that its runs and ours lie between each other.

#include "bench/bench.hpp"

#include <boost/json/object.hpp>

#include <cstdio>
#include <functional>
#include <optional>
#include <string_view>

namespace kontor::bench {

/// The JSON objects that a command prints, one a line; other lines are left out.
std::vector<boost::json::object> rows_of(std::string const& command);

/// What is asked of a peer at once.
struct PeerShape {
    std::size_t clients;
    std::size_t batch{1};
    double seconds{2};
};

/// One of bench/peers/peer.py.   Thread: one.
class Peer {
public:
    /// Waits until it is ready and warm.
    Peer(std::string const& name, BenchOptions const& options);
    ~Peer();
    Peer(Peer const&) = delete;
    Peer& operator=(Peer const&) = delete;

    /// Why it cannot be had, or can no more; empty: it is there.
    std::string const& absent() const { return absent_; }
    std::string const& settings() const { return settings_; }
    /// How often a second it did it. Empty: it is absent from now on.
    std::optional<double> run(PeerShape const& shape);

private:
    std::optional<boost::json::object> answer();

    int process_{-1};
    std::FILE* to_{nullptr};
    std::FILE* from_{nullptr};
    std::string absent_;
    std::string settings_;
};

struct Pairing {
    std::string what; ///< "redis at 50 in flight"
    PeerShape shape;
    std::optional<double> goal{}; ///< how many times the peer we want to be
};

/// Runs peer and ourselves in turn, A B B A, eight pairs; adds both rates and the ratio of each
/// pair.
/// A peer that cannot be had becomes a note.
void compare_in_pairs(Report& report, Peer& peer, Pairing const& pairing,
                      std::function<double()> const& ours);

/// What each of these systems does to the disk for one operation that it acknowledges, counted on
/// short runs of their own. Who cannot be had becomes a note.
void add_parity(Report& report, BenchOptions const& options, std::string_view systems);

/// How many appends a second we do with so many in flight.
using OurRate = std::function<double(std::size_t in_flight)>;

/// The peers of the log, each at the numbers in flight where a goal stands, and at its best.
void compare_with_append_peers(Report& report, BenchOptions const& options, OurRate const& ours);

} // namespace kontor::bench
