#include "domain/webhook/state.hpp"

#include "base/assert.hpp"

namespace kontor::webhook {
namespace {

Standing& standing_in(State& state) {
    auto* const standing = std::get_if<Standing>(&state);
    KONTOR_ASSERT(standing != nullptr, "a fact about a webhook that does not stand");
    return *standing;
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const& state) {
    return std::holds_alternative<Removed>(state);
}

State evolve([[maybe_unused]] State state, Added const& event) {
    KONTOR_ASSERT(std::holds_alternative<Nothing>(state), "added twice");
    return Standing{event.settings};
}

State evolve(State state, Changed const& event) {
    auto& standing = standing_in(state);
    standing.settings = event.settings;
    if (event.settings.enabled)
        standing.disabled_by.reset();
    return state;
}

State evolve(State state, SecretRotated const& event) {
    auto& standing = standing_in(state);
    KONTOR_ASSERT(event.number == standing.secret + 1, "secret {} after {}", event.number,
                  standing.secret);
    standing.secret = event.number;
    standing.rotated_at = event.at;
    return state;
}

State evolve(State state, Disabled const& event) {
    auto& standing = standing_in(state);
    standing.settings.enabled = false;
    standing.disabled_by = event;
    return state;
}

State evolve(State state, Tested const&) {
    standing_in(state);
    return state;
}

State evolve(State state, ResendAsked const&) {
    standing_in(state);
    return state;
}

State evolve(State state, Removed const& event) {
    standing_in(state);
    return event;
}

} // namespace kontor::webhook
