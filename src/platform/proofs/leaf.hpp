#pragma once

/// A leaf of the tree: all that one command appended, as it is stored. Numbers are little-endian,
/// ids are 16 bytes, big-endian:
///
///   leaf   = "kontor leaf v1\n" first:u64 command:id correlation:id causation:id
///            occurred_at:i64 recorded_at:i64 actor:u8 length:u8 actor_id facts
///   fact   = category:u8 length:u8 key version:u64 type:u16 length:u32 payload
///
/// Commands without facts have no leaf: they have no position.
/// WARNING: proofs were given over these bytes; a change needs another first line.

#include "platform/proofs/sha256.hpp"

#include "ports/event_page.hpp"

#include <vector>

namespace kontor::proofs {

using LeafBytes = std::vector<std::uint8_t>;

/// Begins the leaf of the command whose first fact this is.
void begin_leaf(LeafBytes& leaf, ports::EventPage const& page, ports::RecordedEvent const& first);
void add_fact(LeafBytes& leaf, ports::RecordedEvent const& event);

} // namespace kontor::proofs
