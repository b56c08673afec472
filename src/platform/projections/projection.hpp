#pragma once

/// Projection: what a service declares of a read model: its tables, which facts it wants, and what
/// it makes of one. It is a fold: pure, total, the same rows for the same facts.   Thread: one.

#include "platform/projections/table.hpp"

#include "codec/events.hpp"
#include "domain/values/context.hpp"
#include "ports/event_page.hpp"

#include <functional>
#include <memory>
#include <span>
#include <variant>

namespace kontor::projections {

class Projection {
public:
    virtual ~Projection() = default;
    virtual ports::ModelShape const& shape() const = 0;
    virtual std::span<AnyTable* const> tables() = 0;

    /// Folds one fact into the rows; facts that mean nothing to this model change nothing.
    /// Errors: corrupt, unsupported (the fact cannot be read).
    virtual Result<void> project(ports::RecordedEvent const& event,
                                 ports::RecordedCommit const& commit) = 0;
};

using MakeProjection = std::function<std::unique_ptr<Projection>()>;

/// Reads a stored fact and hands it to the `project(Rows&, Recorded<Fact> const&)` of its type. A
/// model that forgets a fact of an aggregate does not compile.
/// Errors: corrupt, unsupported (the fact cannot be read).
template <class Event, class Rows>
Result<void> project_fact(Rows& rows, ports::RecordedEvent const& event,
                          ports::RecordedCommit const& commit) {
    auto decoded = codec::decode<Event>(event.type, event.payload);
    if (!decoded)
        return unexpected(Failure{decoded.error().kind, decoded.error().what,
                                  "position " + std::to_string(event.position.value())});
    std::visit(
        [&]<class Fact>(Fact& fact) {
            Recorded<Fact> const recorded{std::move(fact),
                                          event.position.value(),
                                          event.version.value(),
                                          commit.header.occurred_at,
                                          {commit.header.occurred_at, commit.header.command_id,
                                           commit.header.correlation_id,
                                           commit.header.causation_id},
                                          commit.header.actor,
                                          event.stream};
            project(rows, recorded);
        },
        *decoded);
    return {};
}

/// The shape of a model, from its tables.
ports::ModelShape model_shape(std::string_view name, std::uint32_t version,
                              std::span<AnyTable* const> tables);

} // namespace kontor::projections
