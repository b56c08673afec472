#pragma once

/// What the shop answers of sessions, papers, processes and its own state: the other half of
/// answers.hpp, under the same rule.

#include "services/gateway/roles.hpp"

#include "codec/json_values.hpp"
#include "domain/checkout/words.hpp"
#include "domain/documents/name.hpp"
#include "services/views/attention.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

// Documents and sagas.

struct DocumentAnswer {
    documents::Kind kind;
    std::string number; ///< "INV-2026-17"
    Instant issued_at;
    OrderId order_id;
    std::optional<FulfilmentId> fulfilment_id;
    std::optional<RefundId> refund_id;
    Money net;
    Money tax;
    Money gross;
};
BOOST_DESCRIBE_STRUCT(DocumentAnswer, (),
                      (kind, number, issued_at, order_id, fulfilment_id, refund_id, net, tax,
                       gross))
static_assert(describes_every_field<DocumentAnswer>());

struct WaitAnswer {
    checkout::Deadline deadline;
    Instant at;
};
BOOST_DESCRIBE_STRUCT(WaitAnswer, (), (deadline, at))
static_assert(describes_every_field<WaitAnswer>());

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
};
BOOST_DESCRIBE_STRUCT(SagaAnswer, (),
                      (order_id, version, phase, in_review, at_rest, waits_for, shipments,
                       reservations))
static_assert(describes_every_field<SagaAnswer>());

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
