#pragma once

/// The keys of a shop that travel with a backup: those of persons, wrapped by the master key, which
/// stays where it lies; and, as they are, those that the shop signs by (webhooks, topics, the heads
/// of the audit tree) and what it knows its callers by. What operators set is no key and is not
/// among them.   Thread: one.

#include "programs/kontor/new_journal.hpp"

#include <string>

namespace kontor::programs {

/// Whether there is any that would travel.
bool has_keys(std::string const& directory);

/// Of those that stand at the goal already none is replaced: equal ones are no conflict.
/// Errors: conflict (there is another key already; then nothing was copied), unavailable, corrupt,
///         broken.
/// Retry:  safe, until the keys of persons are there.
Result<void, Trouble> copy_keys(std::string const& from, std::string const& to, KeysAre how);

} // namespace kontor::programs
