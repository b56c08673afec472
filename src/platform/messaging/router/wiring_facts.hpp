#pragma once

/// What callers made beside the topology, as facts: each says what stands from then on. A fold over
/// them, in their sequence, makes it stand again after a restart.
/// Thread: whoever holds the office.

#include "domain/process/events.hpp"
#include "platform/messaging/router/sorting_office.hpp"
#include "ports/event_store.hpp"

namespace kontor::router {

/// The streams of what was made, and of what was put.
StreamId wiring_stream();
StreamId events_stream();

process::BusPut fact_of(ports::BusDescription const& bus);
process::RulePut fact_of(ports::RuleDescription const& rule,
                         std::vector<ports::TargetDescription> const& targets);
process::EventPut fact_of(bus::BusEvent const& event);
std::vector<process::Named> named(ports::NamedTexts const& texts);
std::vector<process::Named> named(std::vector<ports::Tag> const& tags);

/// An event that somebody put, as it was accepted.
bus::BusEvent event_of(process::EventPut const& fact);

/// Makes stand what facts say, all of the stream.
/// Errors: unavailable, corrupt (what was made once cannot be made again).
Result<void> restore_wiring(ports::EventStore& store, SortingOffice& office, Instant now);

} // namespace kontor::router
