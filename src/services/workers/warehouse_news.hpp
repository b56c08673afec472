#pragma once

/// What inventory does with events of the bus that its queue, `inventory-updates`, brings.
///
/// stock.delivered        units go on the shelf
///                        {"location"?, "reference", "items": [{"sku", "quantity"}]}
/// stock.counted          what differs is adjusted
///                        {"location"?, "note"?, "items": [{"sku", "counted"}]}
/// order.return_received  the shop's own fact: nothing, for the shelf got them in its append
///
/// A message takes effect as a whole or not at all. Without a location it is the shop's only one.

#include "services/workers/job.hpp"

#include <vector>

namespace kontor::services {

/// The work of a worker on `inventory-updates`.
/// Errors of the reader: invalid (no such event, an unknown SKU or place, too many items), with
///         what to do in words; unavailable, corrupt (the log).
/// The log outlives it; `locations`: where the shop keeps goods, none: anywhere.
QueueJob warehouse_job(ports::EventStore& log, std::vector<Location> locations);

} // namespace kontor::services
