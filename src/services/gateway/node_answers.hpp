#pragma once

/// What the shop answers operators of the process, its log and its limits: as answers.hpp, under
/// the same rule.

#include "services/gateway/roles.hpp"

#include "codec/json_values.hpp"
#include "domain/values/stream_id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

// The process.

/// Requests that were refused early, by how long they can wait.
struct ShedAnswer {
    std::uint64_t analytics;
    std::uint64_t browse;
    std::uint64_t status;
    std::uint64_t checkout;
};
BOOST_DESCRIBE_STRUCT(ShedAnswer, (), (analytics, browse, status, checkout))
static_assert(describes_every_field<ShedAnswer>());

struct OverviewAnswer {
    std::string version;
    bool ready;
    std::vector<std::string> unready;  ///< why not
    std::vector<std::string> degraded; ///< what is missing, and the shop goes on without
    std::uint64_t position;            ///< where the log ends
    std::uint64_t open_orders;         ///< whose process has not ended
    std::uint64_t lag_events_max;      ///< of the follower that is furthest behind
    std::uint64_t disk_free_bytes;
    ShedAnswer shed;
    std::uint64_t deadline_dropped;
};
BOOST_DESCRIBE_STRUCT(OverviewAnswer, (),
                      (version, ready, unready, degraded, position, open_orders, lag_events_max,
                       disk_free_bytes, shed, deadline_dropped))
static_assert(describes_every_field<OverviewAnswer>());

/// Who follows the log is at its end, behind, halted by trouble or paused by somebody; whom the
/// shop asks outside is up or down.
enum class ServiceHealth : std::uint8_t { at_end, behind, halted, paused, up, down };
BOOST_DESCRIBE_ENUM(ServiceHealth, at_end, behind, halted, paused, up, down)

struct ServiceAnswer {
    std::string name;
    ServiceHealth health;
    std::uint64_t lag_events;       ///< of whom is outside: calls without an answer
    std::int64_t lag_ms;            ///< of whom is outside: how long it has been down
    std::optional<std::string> why; ///< it is down
};
BOOST_DESCRIBE_STRUCT(ServiceAnswer, (), (name, health, lag_events, lag_ms, why))
static_assert(describes_every_field<ServiceAnswer>());

struct SettingAnswer {
    std::string name;
    std::string value;
    std::string origin;
};
BOOST_DESCRIBE_STRUCT(SettingAnswer, (), (name, value, origin))
static_assert(describes_every_field<SettingAnswer>());

/// So many requests in a window, and as many at once.
struct LimitAnswer {
    std::string name;
    std::string whose;
    std::int64_t count_max;
    std::int64_t window_ms;
    std::string origin;
};
BOOST_DESCRIBE_STRUCT(LimitAnswer, (), (name, whose, count_max, window_ms, origin))
static_assert(describes_every_field<LimitAnswer>());

// The log.

struct StreamAnswer {
    StreamId stream;
    std::uint64_t position; ///< of its first fact
    Instant began_at;
};
BOOST_DESCRIBE_STRUCT(StreamAnswer, (), (stream, position, began_at))
static_assert(describes_every_field<StreamAnswer>());

struct CauseAnswer {
    std::uint64_t position;
    StreamId stream;
    std::uint64_t version;
    std::string type;
    Instant occurred_at;
    CommandId command_id;
    std::optional<std::uint64_t> caused_by; ///< the position of the fact it came of
};
BOOST_DESCRIBE_STRUCT(CauseAnswer, (),
                      (position, stream, version, type, occurred_at, command_id, caused_by))
static_assert(describes_every_field<CauseAnswer>());

struct CausesAnswer {
    CauseAnswer fact;
    std::vector<CauseAnswer> up;   ///< what it came of, the nearest first
    std::vector<CauseAnswer> down; ///< what came of it, in the sequence of the log
};
BOOST_DESCRIBE_STRUCT(CausesAnswer, (), (fact, up, down))
static_assert(describes_every_field<CausesAnswer>());

// Users.

struct UserAnswer {
    std::string name;
    std::vector<Role> roles;
    std::vector<std::string> scopes;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(UserAnswer, (), (name, roles, scopes, created_at))
static_assert(describes_every_field<UserAnswer>());

} // namespace kontor::services::gateway
