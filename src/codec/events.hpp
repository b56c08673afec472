#pragma once

/// Facts to bytes and back, for every aggregate: what the desk, the projections and the command
/// line use. `Event` is the aggregate's variant (`order::Event`); the functions are compiled once
/// for each, so that nobody else pays for the templates.   Thread: any.

#include "codec/json_options.hpp"

#include "base/result.hpp"
#include "domain/values/event_type.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::codec {

/// Appends the binary form of a fact to `out` and says under which number it is stored.
template <class Event>
EventType encode(Event const& event, std::vector<std::uint8_t>& out);

/// Reads a stored fact; one of an older version comes back as today's.
/// Errors: corrupt (the bytes are no such fact), unsupported (no type of this aggregate has the
/// number: a newer release wrote it).
template <class Event>
Result<Event> decode(EventType type, std::span<std::uint8_t const> bytes);

/// The `data` of a fact as it leaves, without its envelope.
template <class Event>
std::string fact_to_json(Event const& event, PersonalFields personal);

/// Reads the `data` of a fact; keys that a newer release added are skipped, and a fact of an older
/// version comes back as today's.
/// Errors: invalid (with a JSON pointer), unsupported (no type of this aggregate has the number).
template <class Event>
Result<Event> fact_from_json(EventType type, std::string_view json);

} // namespace kontor::codec
