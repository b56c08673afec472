#pragma once

/// What the facts of one webhook add up to.

#include "domain/webhook/events.hpp"

#include <optional>

namespace kontor::webhook {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

struct Standing {
    Settings settings;
    std::uint32_t secret{1};               ///< the number of the secret that signs
    std::optional<Instant> rotated_at{};   ///< since when; absent: it is the first
    std::optional<Disabled> disabled_by{}; ///< what ended it, unless somebody disabled it
    friend bool operator==(Standing const&, Standing const&) = default;
};

using State = std::variant<Nothing, Standing, Removed>;

State initial();
/// Removed: nobody waits for it any more.
bool is_terminal(State const& state);

State evolve(State state, Added const& event);
State evolve(State state, Changed const& event);
State evolve(State state, SecretRotated const& event);
State evolve(State state, Disabled const& event);
State evolve(State state, Tested const& event);
State evolve(State state, ResendAsked const& event);
State evolve(State state, Removed const& event);

} // namespace kontor::webhook
