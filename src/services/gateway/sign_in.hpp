#pragma once

/// SignIn: users of the console with their passwords. A password is hashed elsewhere and takes its
/// time, so whoever asks is asked again until the hash is there.   Thread: the edge's.

#include "services/gateway/asked.hpp"

namespace kontor::services::gateway {

struct HashedPassword {
    std::string salt;
    std::string hash;
};
/// The hash of a password with this salt, or with a fresh one where none is given; empty: not yet.
/// Errors: unsupported (nobody hashes here).
Result<std::optional<HashedPassword>, Trouble>
hashed(Parts& parts, Asked& asked, std::string_view password, std::string_view salt = {});

/// A session for whoever knows the password; empty: not yet. An unknown name takes as long as a
/// wrong password.
/// Errors: unauthenticated, throttled (too many tries from this address), unsupported.
Result<std::optional<OpenedSession>, Trouble>
sign_in(Parts& parts, Asked& asked, std::string_view user, std::string_view password);

/// Counts a try to get in with something that could be guessed.
/// Errors: throttled.
Result<void, Trouble> count_try(Parts& parts, Asked const& asked);

} // namespace kontor::services::gateway
