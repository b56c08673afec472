#pragma once

/// Notices: what does not stop a command and should be known all the same: a disk that may forget,
/// a disk that gets full, what a start had to put right. Each says what to do about it.

#include "adapters/embedded/event_store.hpp"
#include "ports/disk.hpp"
#include "ports/event_store.hpp"
#include "programs/kontor/output.hpp"

#include <string>
#include <vector>

namespace kontor::programs {

/// "durable", "unproven" or "volatile", as figures name it.
std::string_view word_of(ports::Durability durability);

/// What there is to know of a disk that may forget what was synced, and what to do; empty: nothing.
std::string durability_notice(ports::DiskState const& state);

/// What to do about so much room; empty: nothing.
std::string_view room_remedy(ports::Room room);

/// What a start put right, a sentence each: a frame that a crash left torn, files beside the log
/// that did not check.
std::vector<std::string> repairs_of(embedded::OpenReport const& report);

/// "The disk has 24.1 GiB free: room is ample."
std::string room_sentence(ports::Room room, ports::DiskState const& state);

} // namespace kontor::programs
