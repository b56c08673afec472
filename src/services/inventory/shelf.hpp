#pragma once

/// Whether units may be put on a shelf: they come of what the shop sells, and to where it keeps
/// goods, unless they lay there before.

#include "ports/event_store.hpp"
#include "services/shop/aggregates.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace kontor::services {

enum class Shelf : std::uint8_t { is_there, unknown_sku, unknown_place };

/// `locations`: where the shop keeps goods; none: anywhere.
/// Errors: unavailable, corrupt.   Thread: any.
Result<Shelf> find_shelf(ports::EventStore& log, std::span<Location const> locations,
                         StockKey const& key);

/// "main, north": as a sentence names them.
std::string names_of(std::span<Location const> locations);

} // namespace kontor::services
