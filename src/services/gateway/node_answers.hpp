#pragma once

/// What the shop answers operators of the process, its log and its limits: as answers.hpp, under
/// the same rule.

#include "services/gateway/roles.hpp"
#include "services/gateway/store_desk.hpp"

#include "codec/json_values.hpp"
#include "domain/values/stream_id.hpp"
#include "platform/resilience/downstream.hpp"

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

struct BreakerChange {
    Instant at;
    resilience::BreakerState from;
    resilience::BreakerState to;
    std::string why;
};
BOOST_DESCRIBE_STRUCT(BreakerChange, (), (at, from, to, why))
static_assert(describes_every_field<BreakerChange>());

/// What guards the calls to one whom the shop asks outside.
struct BreakerAnswer {
    std::string name;
    resilience::BreakerState state;
    resilience::Forced forced;            ///< by an operator, until one lets it go
    std::uint32_t calls;                  ///< that ended in the last ten seconds …
    std::uint32_t bad;                    ///< … and those of them that went badly or were slow
    std::optional<std::int64_t> rests_ms; ///< of an open one: until a few may try
    std::uint64_t openings;               ///< since the process began
    std::uint64_t in_flight;
    std::uint64_t in_flight_max;
    std::int64_t retry_tokens; ///< so many calls may be repeated now
    std::uint64_t retries_refused;
    std::vector<BreakerChange> history; ///< the newest last
};
BOOST_DESCRIBE_STRUCT(BreakerAnswer, (),
                      (name, state, forced, calls, bad, rests_ms, openings, in_flight,
                       in_flight_max, retry_tokens, retries_refused, history))
static_assert(describes_every_field<BreakerAnswer>());

/// What an agent had in hand when a process before this one ended without closing.
struct SuspectAnswer {
    Id128 id;               ///< of the command, or of the place in the log
    std::string agent;      ///< "desk", or a read model
    std::uint32_t ends;     ///< so many processes ended with it in hand
    bool is_quarantined;    ///< it is not handled any more, until it is released
    Instant last_end_found; ///< when a start found the last of them
};
BOOST_DESCRIBE_STRUCT(SuspectAnswer, (), (id, agent, ends, is_quarantined, last_end_found))
static_assert(describes_every_field<SuspectAnswer>());

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

struct StoreAnswer {
    std::string directory;
    std::uint64_t last_position;
    std::string lineage;
    std::uint64_t segments;
    std::uint64_t segments_dense; ///< without their padding
    std::uint64_t segments_cold;  ///< compressed as well
    std::uint64_t log_bytes;
    std::string file_system;
    std::string durability;
    std::uint64_t free_bytes;
    std::string room;
    std::optional<std::string> what_to_do; ///< there is little room
};
BOOST_DESCRIBE_STRUCT(StoreAnswer, (),
                      (directory, last_position, lineage, segments, segments_dense, segments_cold,
                       log_bytes, file_system, durability, free_bytes, room, what_to_do))
static_assert(describes_every_field<StoreAnswer>());

struct BackupAnswer {
    BackupState state;
    std::optional<std::string> directory;
    std::optional<Instant> began_at;
    std::optional<Instant> ended_at;
    std::uint64_t segments_done;
    std::uint64_t segments;
    std::optional<std::uint64_t> last_position; ///< it holds all up to there
    bool keys;                                  ///< those of persons are in it, wrapped
    bool verified;                              ///< it was read back and is what was copied
    std::optional<std::string> code;            ///< of the problem that ended it …
    std::optional<std::string> name;
    std::optional<std::string> why;
    std::optional<std::string> remedy;
};
BOOST_DESCRIBE_STRUCT(BackupAnswer, (),
                      (state, directory, began_at, ended_at, segments_done, segments, last_position,
                       keys, verified, code, name, why, remedy))
static_assert(describes_every_field<BackupAnswer>());

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
