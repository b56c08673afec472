#pragma once

/// The limits of the desk, in one place, with what happens at each.

#include "ports/batch.hpp"

#include <cstddef>

namespace kontor::commands {

/// Requests that wait for the desk. At the limit the inbox refuses with `full`; the caller tells
/// its own to come back.
inline constexpr std::size_t inbox_max = 4096;

/// Commits in one append. At the limit the desk appends and goes on with an empty batch: small
/// enough that disk and followers work on one batch while the desk decides the next.
inline constexpr std::size_t commits_in_batch_max = 256;

/// How often a command is decided again after another writer was first. At the limit the answer is
/// `conflict`; where nobody waits for it, the next work cycle tries again.
inline constexpr int redecide_attempts_max = 8;

/// Answers and appends that wait for the disk. At the limit the desk takes no new request until
/// some are durable.
inline constexpr std::size_t unanswered_max = 4 * inbox_max;

/// States of one aggregate kept in memory; finished ones leave by themselves. At the limit those go
/// that were not used for longest; a state that went is folded from the log again when it is asked
/// for.
inline constexpr std::size_t states_max = std::size_t{1} << 20;

static_assert(unanswered_max >= inbox_max, "a full inbox must fit among the unanswered");

} // namespace kontor::commands
