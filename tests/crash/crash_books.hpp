#pragma once

/// The books of a shop that has come to rest, summed up from the log alone: what the driver compares.

#include "domain/values/id128.hpp"
#include "domain/values/names.hpp"
#include "ports/event_store.hpp"

#include <string>

namespace kontor::crash {

/// The n-th thing on the shelf.
Sku sku_of(std::size_t number);

/// As the second reader of the journal spells it.
std::string hex_of(Id128 id);

/// "books placed=N completed=N total=N captured=N ordered=N reserved=N issued=N" and "ended ORDER" for each order that is
/// complete, a line each.
std::string books_of(ports::EventStore& store);

} // namespace kontor::crash
