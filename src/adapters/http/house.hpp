#pragma once

/// House: what all sessions of an edge share. Owned by the edge, used on its thread alone.

#include "adapters/http/head.hpp"
#include "adapters/http/limits.hpp"
#include "base/random.hpp"
#include "services/gateway/seams/exchange.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kontor::http {

/// What an edge has done since it began.
struct EdgeCounts {
    std::uint64_t connections{0};
    std::uint64_t connections_refused{0};
    std::uint64_t requests{0}; ///< started, or refused with their framing understood
    std::uint64_t answers{0};
    std::uint64_t malformed{0};  ///< refused for their framing
    std::uint64_t overloaded{0}; ///< refused for want of room
    std::uint64_t late{0};       ///< without an answer before their deadline
    std::uint64_t too_slow{0};   ///< cut off: head, body, or answer not taken
    std::uint64_t bytes_in{0};
    std::uint64_t bytes_out{0};
};

/// A request that waits for its answer, or an answer that waits for those before it.
struct InFlight {
    services::Ticket ticket{};
    services::Method method{};
    bool closes{false}; ///< nothing is answered behind it
    bool is_version_1_1{true};
    bool is_answered{false};
    Duration deadline{};
    bool has_own_deadline{false}; ///< named by the client
    std::string trace_id{};
    std::vector<services::Header> headers{};
    services::Reply reply{};
};

struct House {
    House(Limits const& limits_given, std::vector<std::string> host_names,
          services::Exchange& exchange_given, std::uint64_t seed)
        : limits(limits_given), hosts(std::move(host_names)), exchange(exchange_given), dice(seed) {
    }

    Limits const limits;
    std::vector<std::string> const hosts;
    services::Exchange& exchange;
    Random dice; ///< for trace ids, and to spread those who are told to come back

    Duration now{};               ///< on the monotonic clock, as of this turn
    std::string standing_lines{}; ///< the header lines of every answer, as of this second
    bool is_draining{false};
    std::size_t in_flight{0};
    std::size_t buffered_bytes{0};
    std::uint64_t next_ticket{1};
    EdgeCounts counts{};
    Head head{}; ///< the one that is being read; its list is used again and again

    std::unique_ptr<InFlight> take_spare() {
        if (spares.empty())
            return std::make_unique<InFlight>();
        auto spare = std::move(spares.back());
        spares.pop_back();
        return spare;
    }
    void give_back(std::unique_ptr<InFlight> used) {
        constexpr std::size_t spares_max = 1024;
        if (spares.size() >= spares_max)
            return;
        used->reply = {};
        used->headers.clear();
        used->is_answered = used->closes = false;
        spares.push_back(std::move(used));
    }

    std::vector<std::unique_ptr<InFlight>> spares{};
};

} // namespace kontor::http
