#pragma once

/// Operations: the long tasks of this shop as one list: backups, what read models do beside their
/// work, comparisons of the log with its tree, dead letters on their way back, and replays. Each is
/// known to whoever carries it out, and to nobody else: the list is put together when it is asked
/// for, and what is done to one is done by its owner.   Thread: the edge's.
///
/// Invariant: the id of an operation begins with when it began, so the list needs no other
/// sequence.

#include "services/gateway/asked.hpp"

#include "base/describe.hpp"
#include "codec/json_values.hpp"
#include "domain/values/ids.hpp"
#include "ports/event_archive.hpp"
#include "ports/queue_admin.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

struct OperationIdTag {
    static constexpr std::string_view prefix = "opn_";
};
using OperationId = TypedId<OperationIdTag>;

/// Of replays and of redrives so many are listed, the latest; a read model and the log's files each
/// remember one.
inline constexpr std::size_t operations_of_kind_max = 1000;

enum class OperationKind : std::uint8_t {
    backup,
    projection_rebuild,
    projection_verify,
    audit_check,
    redrive,
    replay
};
BOOST_DESCRIBE_ENUM(OperationKind, backup, projection_rebuild, projection_verify, audit_check,
                    redrive, replay)

enum class OperationState : std::uint8_t { running, paused, completed, cancelled, failed };
BOOST_DESCRIBE_ENUM(OperationState, running, paused, completed, cancelled, failed)

enum class OperationAction : std::uint8_t { pause, resume, cancel };
BOOST_DESCRIBE_ENUM(OperationAction, pause, resume, cancel)

struct OperationAnswer {
    OperationId id;
    OperationKind kind;
    OperationState state;
    std::string about; ///< a directory, a read model, a queue, a replay
    std::optional<Instant> started_at;
    std::optional<Instant> ended_at;
    std::optional<std::uint64_t> done;
    std::optional<std::uint64_t> total;
    std::optional<std::string> counted; ///< what `done` and `total` count
    std::optional<std::string> asked_by;
    std::vector<OperationAction> actions; ///< that are possible now
    std::optional<std::string> why;       ///< it failed
    std::string address;                  ///< where its owner shows it
};
BOOST_DESCRIBE_STRUCT(OperationAnswer, (),
                      (id, kind, state, about, started_at, ended_at, done, total, counted, asked_by,
                       actions, why, address))
static_assert(describes_every_field<OperationAnswer>());

/// An operation, and by what its owner knows it.
struct Operation {
    OperationAnswer answer;
    bool may_pause{false}; ///< and go on again
    bool may_be_cancelled{false};
    std::uint64_t job{0};     ///< of a read model
    ports::MoveTaskId move{}; ///< of a queue

    bool has_ended() const {
        return answer.state != OperationState::running && answer.state != OperationState::paused;
    }
    /// Whether its kind can do this at all.
    bool knows(OperationAction action) const {
        return action == OperationAction::cancel ? may_be_cancelled : may_pause;
    }
};

/// All that are known, the newest first; those of replays as the bus told them.
/// Errors: those of the queues.
Result<std::vector<Operation>, Trouble>
operations_of(Parts const& parts, std::vector<ports::ReplayDescription> const& replays);

// One that its owner tells again.

Operation listed_task(ports::ReplayDescription const& replay);
Operation listed_task(ports::MoveTask const& task);
/// Empty: there is none any more.
std::optional<Operation> backup_of(Parts const& parts);
/// The job of a read model with this number; empty: it knows it no more.
std::optional<Operation> job_of(Parts const& parts, std::string_view model, std::uint64_t number);

} // namespace kontor::services::gateway
