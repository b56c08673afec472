#pragma once

/// The processes of orders that have not ended: where each stands and what it waits for. A row goes
/// when its process is at rest, so that what is open is found without a look at what is over.
/// Thread: one.   Source: DOMAIN section 8; INTERFACES section 5, Sagas.

#include "platform/projections/projection.hpp"
#include "platform/projections/table.hpp"

#include "domain/checkout/events.hpp"

#include <optional>
#include <vector>

namespace kontor::services::views {

struct SagaWait {
    checkout::Deadline deadline;
    Instant at;
    Id128 subject; ///< nil: the order itself
    friend bool operator==(SagaWait const&, SagaWait const&) = default;
};
BOOST_DESCRIBE_STRUCT(SagaWait, (), (deadline, at, subject))
static_assert(describes_every_field<SagaWait>());

struct SagaRow {
    static constexpr std::string_view table = "sagas";
    static constexpr std::size_t key_columns = 1;
    OrderId order_id;
    std::uint64_t version;
    checkout::Phase phase;
    Instant phase_since;
    Instant updated_at;
    std::optional<Instant> due_at; ///< the nearest of what it waits for
    std::vector<SagaWait> waits;
    friend bool operator==(SagaRow const&, SagaRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(SagaRow, (),
                      (order_id, version, phase, phase_since, updated_at, due_at, waits))
static_assert(describes_every_field<SagaRow>());

/// How many processes stand in a phase.
struct SagaCountRow {
    static constexpr std::string_view table = "saga_counts";
    static constexpr std::size_t key_columns = 1;
    checkout::Phase phase;
    std::uint64_t open;    ///< that wait for something
    std::uint64_t at_rest; ///< that do not, and have no row
    friend bool operator==(SagaCountRow const&, SagaCountRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(SagaCountRow, (), (phase, open, at_rest))
static_assert(describes_every_field<SagaCountRow>());

/// Folds a step of the process into where it stood before; empty: nowhere yet, or at rest.
/// Source: checkout::apply, of which it keeps what people look at.
std::optional<SagaRow> after_step(std::optional<SagaRow> before,
                                  Recorded<checkout::Advanced> const& step);

} // namespace kontor::services::views
