#pragma once

/// Acceptance: from entries to events. What is accepted has an envelope that patterns and paths can
/// be asked of; what is not says why, entry by entry.
/// Source: MESSAGING section 4, "Accept" and "Envelope".

#include "domain/values/id128.hpp"
#include "ports/arn.hpp"
#include "ports/event_bus.hpp"

#include <functional>

namespace kontor::bus {

/// An event on a bus.
struct BusEvent {
    std::string id{};  ///< a UUID
    std::string bus{}; ///< its name
    std::string envelope{};
    Instant time{};
    Instant ingested{};
    std::string replay{}; ///< the name of the replay that brings it again; empty: it is new
    std::vector<std::string> rule_arns{}; ///< of a replay: the rules that it is for; empty: all
    std::uint32_t hops{0};                ///< from bus to bus

    friend bool operator==(BusEvent const&, BusEvent const&) = default;
};

using ports::bus_name_of;
using ports::CloudPlace;
using ports::default_bus;

/// "0190a1b2-c3d4-…", all 128 bits of an id.
std::string uuid_of(Id128 id);

struct Acceptance {
    Instant now{};
    CloudPlace place{};
    ports::EventOrigin origin{};
    /// Whether there is a bus of this name.
    std::function<bool(std::string_view)> has_bus{};
    /// A new id for each event.
    std::function<Id128()> mint{};
};

using Accepted = Result<BusEvent, ports::EntryRefusal>;

/// Judges entries one by one.
/// Shape:    one answer for each entry, in their sequence.
/// Errors:   invalid (no entry, too many, together too large, or none has source, detail type and
///           detail).
Result<std::vector<Accepted>, ports::MessagingRefusal>
accept_entries(std::span<ports::EventEntry const> entries, Acceptance const& acceptance);

/// The envelope as a target of a replay sees it: with `replay-name`.
std::string shown_envelope(BusEvent const& event);

} // namespace kontor::bus
