#pragma once

/// What callers made beside the topology, as facts: each says what stands from then on. A fold over
/// them, in their sequence, makes it stand again after a restart.
/// Thread: whoever holds the office.

#include "domain/process/events.hpp"
#include "platform/messaging/bus/archives.hpp"
#include "platform/messaging/router/sorting_office.hpp"
#include "ports/event_store.hpp"

#include <map>
#include <string>

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

/// Something that callers made and that does not stand, or not as they made it: a newer topology
/// has no room for it, or a newer release no longer takes it.
struct Skipped {
    ports::Position fact{};
    std::string why{};
};
/// By what it is: "rule late-orders of bus default". Whoever makes it anew or deletes it takes it
/// off.
using SkippedWiring = std::map<std::string, Skipped>;

process::ArchivePut fact_of(ports::ArchiveDescription const& archive, std::uint64_t since);
process::ReplayStarted fact_of(ports::ReplayDescription const& replay,
                               bus::Archives::Due const& walk);

/// What a fact of the stream is about; empty: nothing that stands.
std::string subject_of(process::Event const& fact);

/// Makes stand what facts say, all of the stream; what is refused is left out and named, and its
/// former self does not stand either. A shop that cannot deliver something still sells.
/// Errors: unavailable, corrupt, unsupported (a newer release wrote a fact).
Result<SkippedWiring> restore_wiring(ports::EventStore& store, SortingOffice& office,
                                     bus::Archives& archives);

} // namespace kontor::router
