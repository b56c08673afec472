#pragma once

/// A fact of the log as the bus shows it: in the envelope that patterns and paths are asked of.
/// Nothing personal leaves, and neither does what only we need to know.
///
///   source        "kontor." and the first word of the fact's name: kontor.order
///   detail-type   the fact's name: order.confirmed
///   time          when it happened, in whole seconds
///   resources     its stream
///   detail        {"metadata": {id, type, type_version, stream, version, position, occurred_at,
///                 recorded_at, correlation_id, causation_id, actor_kind}, "data": {…}}
///
/// The correlation is the order's id, as the API writes it, where the stream belongs to an order.
///
/// Thread: any.   Source: DOMAIN section 10, "EventBridge"; MESSAGING section 4, "Envelope".

#include "platform/messaging/bus/accept.hpp"
#include "ports/event_page.hpp"

namespace kontor::router {

struct Shown {
    std::optional<bus::BusEvent> event{}; ///< absent: no public fact, or it cannot be shown
    std::string refused{};                ///< why a public fact cannot be shown; empty: it can
};

/// Where facts are shown: the account and region of the envelope, and the bus.
struct Stage {
    ports::CloudPlace place{};
    std::string bus{};
};

/// Errors: corrupt, unsupported (a newer release wrote it).
Result<Shown> show(Stage const& stage, ports::RecordedEvent const& event,
                   ports::RecordedCommit const& commit);

} // namespace kontor::router
