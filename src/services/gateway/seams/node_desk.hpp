#pragma once

/// NodeDesk: what the API tells operators of the process that serves them. The composition root
/// knows it and implements this.   Thread: the edge's.

#include "base/instant.hpp"
#include "base/result.hpp"
#include "platform/resilience/downstream.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::services::gateway {

/// Whether a follower moves.
enum class Pace : std::uint8_t {
    follows,
    halted, ///< it is in trouble, and says why elsewhere
    paused  ///< as somebody wanted
};

/// One who follows the log.
struct FollowerStanding {
    std::string name;
    std::uint64_t events_behind{0};
    Duration behind{};
    Pace pace{Pace::follows};
};

struct NodeFigures {
    std::vector<FollowerStanding> followers{};
    std::uint64_t open_orders{0};
    std::uint64_t disk_free_bytes{0};
};

/// Somebody outside whom the shop asks.
struct DownstreamStanding {
    std::string name; ///< "payments"
    bool is_up{true};
    std::string why{};         ///< it is not
    Duration down_for{};       ///< zero while it is up
    bool is_left_alone{false}; ///< nothing new is asked for a while
    std::uint64_t failures{0};
    std::uint64_t unanswered{0};
};

/// How the calls to one whom the shop asks are guarded.
struct BreakerStanding {
    std::string name; ///< "payments"
    resilience::DownstreamFigures figures{};
    Duration measured_at{}; ///< on the clock of its transitions
};

/// A secret that was read again from its file.
struct ReloadedSecret {
    std::string name; ///< "payments.key"
    bool is_changed{false};
};

/// A setting in force; what is secret is left out.
struct ShownSetting {
    std::string name;
    std::string value;
    std::string origin; ///< "built-in", "/etc/kontor/kontor.toml:3", "KONTOR_DATA__DIRECTORY"
};

class NodeDesk {
public:
    virtual ~NodeDesk() = default;
    virtual NodeFigures figures() const = 0;
    /// How many facts the slowest of those who bring orders to their end has not followed yet.
    /// Asked for with every request.
    virtual std::uint64_t backlog() const = 0;
    virtual std::vector<ShownSetting> settings() const = 0;
    virtual std::vector<DownstreamStanding> downstreams() const = 0;
    virtual std::vector<BreakerStanding> breakers() const = 0;
    /// Errors: not_found (nobody outside has this name).
    virtual Result<void> force_breaker(std::string_view name, resilience::Forced forced) const = 0;
    /// All or none.   Errors: not_found, invalid (a file is not as it must be: the old ones stay).
    virtual Result<std::vector<ReloadedSecret>> reload_secrets() const = 0;
};

} // namespace kontor::services::gateway
