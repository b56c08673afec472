#pragma once

/// The definition of matching: slow, plain, and right by reading it beside MESSAGING section 2. The
/// compiled matcher must answer as this does; where it cannot be linear, it asks this.

#include "platform/routing/event.hpp"
#include "platform/routing/pattern.hpp"

namespace kontor::routing {

enum class Verdict : std::uint8_t {
    match,
    no_match,
    over_budget ///< not known: the event goes to the rule's dead letters, as PATTERN_BUDGET
};

/// Whether one leaf is what an alternative wants. `absent` wants none.
bool is_met(Alternative const& alternative, JsonTree const& leaf);

/// Whether a pattern matches an event.
/// Units:    `steps_max` counts leaves that are looked at, over all conjuncts.
Verdict match_by_definition(Pattern const& pattern, FlatEvent const& event,
                            std::size_t steps_max = definition_steps_max);

} // namespace kontor::routing
