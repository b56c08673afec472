#pragma once

/// What the shop answers of sessions, papers, processes and its own state: the other half of
/// answers.hpp, under the same rule.

#include "services/gateway/roles.hpp"

#include "codec/json_values.hpp"
#include "domain/checkout/words.hpp"
#include "services/views/attention.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

// Sagas.

/// What a process waits for.
struct WaitAnswer {
    checkout::Deadline deadline;
    Instant at;
};
BOOST_DESCRIBE_STRUCT(WaitAnswer, (), (deadline, at))
static_assert(describes_every_field<WaitAnswer>());

/// A process that has not ended, in a list.
struct SagaSummaryAnswer {
    OrderId order_id;
    std::uint64_t version;
    checkout::Phase phase;
    Instant phase_since;
    Instant updated_at;
    bool overdue; ///< what it waits for first should be there by now
    std::vector<WaitAnswer> waits_for;
};
BOOST_DESCRIBE_STRUCT(SagaSummaryAnswer, (),
                      (order_id, version, phase, phase_since, updated_at, overdue, waits_for))
static_assert(describes_every_field<SagaSummaryAnswer>());

/// What the process asked others to do, and what takes it back.
struct SagaSentAnswer {
    checkout::Step step;
    std::optional<Id128> subject; ///< payment, reservation, parcel, refund or return
    std::optional<Money> amount;
    std::optional<checkout::Step> undone_by;
};
BOOST_DESCRIBE_STRUCT(SagaSentAnswer, (), (step, subject, amount, undone_by))
static_assert(describes_every_field<SagaSentAnswer>());

/// One step: what the process took note of, and what it asked for because of it.
struct SagaStepAnswer {
    std::uint64_t version;
    Instant at;
    checkout::Phase from;
    checkout::Phase to;
    checkout::InputKind noted;
    std::vector<SagaSentAnswer> sent;
};
BOOST_DESCRIBE_STRUCT(SagaStepAnswer, (), (version, at, from, to, noted, sent))
static_assert(describes_every_field<SagaStepAnswer>());

/// What a cancellation would have the process ask for first; answers bring the rest.
struct SagaPlanAnswer {
    OrderId order_id;
    checkout::Phase phase; ///< where it would go
    std::vector<SagaSentAnswer> sends;
};
BOOST_DESCRIBE_STRUCT(SagaPlanAnswer, (), (order_id, phase, sends))
static_assert(describes_every_field<SagaPlanAnswer>());

/// What leads an order from click to doorstep.
struct SagaAnswer {
    OrderId order_id;
    std::uint64_t version;
    checkout::Phase phase;
    bool in_review;
    bool at_rest;
    std::vector<WaitAnswer> waits_for;
    std::vector<FulfilmentId> shipments;
    std::vector<ReservationId> reservations;
    std::vector<SagaStepAnswer> steps; ///< the last 500
};
BOOST_DESCRIBE_STRUCT(SagaAnswer, (),
                      (order_id, version, phase, in_review, at_rest, waits_for, shipments,
                       reservations, steps))
static_assert(describes_every_field<SagaAnswer>());

/// A phase of the process, and how many orders stand there.
struct SagaPhaseAnswer {
    checkout::Phase phase;
    std::uint64_t runs;                   ///< that wait for something
    std::optional<std::uint64_t> at_rest; ///< of the last one: that do not
};
BOOST_DESCRIBE_STRUCT(SagaPhaseAnswer, (), (phase, runs, at_rest))
static_assert(describes_every_field<SagaPhaseAnswer>());

struct SagaEdgeAnswer {
    checkout::Phase from;
    checkout::Phase to;
    std::string when;
};
BOOST_DESCRIBE_STRUCT(SagaEdgeAnswer, (), (from, to, when))
static_assert(describes_every_field<SagaEdgeAnswer>());

struct SagaGraphAnswer {
    std::vector<SagaPhaseAnswer> phases;
    std::vector<SagaEdgeAnswer> edges;
};
BOOST_DESCRIBE_STRUCT(SagaGraphAnswer, (), (phases, edges))
static_assert(describes_every_field<SagaGraphAnswer>());

/// Something that somebody is asked.
struct AttentionAnswer {
    OrderId order_id;
    std::uint32_t number;
    views::AskedOf asked_of;
    checkout::Deadline about;
    std::string words;
    views::AttentionState state;
    Instant asked_at;
    std::optional<Instant> until;
    std::uint32_t times;
    std::optional<Instant> settled_at;
};
BOOST_DESCRIBE_STRUCT(AttentionAnswer, (),
                      (order_id, number, asked_of, about, words, state, asked_at, until, times,
                       settled_at))
static_assert(describes_every_field<AttentionAnswer>());

// Sessions and operations.

struct SessionAnswer {
    std::vector<Role> roles;
    std::optional<CustomerId> customer_id;
    std::string name;
    std::string csrf; ///< to be sent as Kontor-Csrf with every write; empty for a bearer key
    std::optional<Instant> expires_at;
};
BOOST_DESCRIBE_STRUCT(SessionAnswer, (), (roles, customer_id, name, csrf, expires_at))
static_assert(describes_every_field<SessionAnswer>());

struct Link {
    std::string name;
    std::string path;
};
BOOST_DESCRIBE_STRUCT(Link, (), (name, path))
static_assert(describes_every_field<Link>());

struct IndexAnswer {
    std::string name;
    std::string version;
    std::string lineage;
    std::uint64_t position;
    std::vector<Link> links;
};
BOOST_DESCRIBE_STRUCT(IndexAnswer, (), (name, version, lineage, position, links))
static_assert(describes_every_field<IndexAnswer>());

struct ReadyCheckAnswer {
    std::string check;
    bool ok;
};
BOOST_DESCRIBE_STRUCT(ReadyCheckAnswer, (), (check, ok))
static_assert(describes_every_field<ReadyCheckAnswer>());

struct HealthAnswer {
    std::string status;
    std::optional<std::vector<ReadyCheckAnswer>> checks; ///< of readiness, all passed
    std::optional<std::vector<std::string>> degraded;    ///< what is missing; requests are welcome
};
BOOST_DESCRIBE_STRUCT(HealthAnswer, (), (status, checks, degraded))
static_assert(describes_every_field<HealthAnswer>());

struct ProblemRowAnswer {
    std::string type;
    std::string code;
    std::string name;
    std::string title;
    std::uint16_t status;
    bool retryable;
    std::string cause;
    std::string remedy;
};
BOOST_DESCRIBE_STRUCT(ProblemRowAnswer, (),
                      (type, code, name, title, status, retryable, cause, remedy))
static_assert(describes_every_field<ProblemRowAnswer>());

struct ProjectionAnswer {
    std::string name;
    std::uint32_t version;
    std::string state;
    std::uint64_t position;
    std::uint64_t lag;
    std::string digest;
    std::optional<std::string> pause_reason;
    std::optional<std::string> discard_reason;
    std::optional<std::string> job;
    std::optional<bool> last_comparison_agrees;
};
BOOST_DESCRIBE_STRUCT(ProjectionAnswer, (),
                      (name, version, state, position, lag, digest, pause_reason, discard_reason,
                       job, last_comparison_agrees))
static_assert(describes_every_field<ProjectionAnswer>());

struct TokenAnswer {
    std::string id;
    std::string name;
    std::vector<Role> roles;
    std::vector<std::string> scopes;
    Instant created_at;
    std::optional<Instant> expires_at;
    std::optional<std::string> secret; ///< shown once, when it is made
};
BOOST_DESCRIBE_STRUCT(TokenAnswer, (), (id, name, roles, scopes, created_at, expires_at, secret))
static_assert(describes_every_field<TokenAnswer>());

} // namespace kontor::services::gateway
