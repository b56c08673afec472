#pragma once

/// How much of letters is kept, and how long a server may take.

#include "base/instant.hpp"
#include "ports/mailer.hpp"

#include <cstddef>

namespace kontor::mail {

/// Letters that the outbox shows. At the limit the oldest goes.
inline constexpr std::size_t outbox_letters_max = 500;

/// Bytes of a name or subject that are sent; the rest is cut off, between characters.
inline constexpr std::size_t head_text_max = 300;

/// How long a server may take to take up a connection.
inline constexpr Duration connect_within = Duration::seconds(5);
static_assert(connect_within < ports::mail_timeout, "a letter may need more than its connection");

/// A connection that has been idle for longer is not used again: servers close theirs.
inline constexpr Duration idle_connection_max = Duration::seconds(15);

} // namespace kontor::mail
