#pragma once

/// Limits of patterns, rules and matching. Who goes beyond one is told so by name; nothing is cut.
/// Source: MESSAGING section 2, "Limits".

#include <cstddef>

namespace kontor::routing {

/// Of a pattern's text.   Units: code points.
inline constexpr std::size_t pattern_characters_max = 2048;
/// The most that a setting may raise it to.
inline constexpr std::size_t pattern_characters_ceiling = 4096;

/// What `$or` may multiply to.
inline constexpr std::size_t conjuncts_max = 1000;
inline constexpr std::size_t fields_of_conjunct_max = 256;

/// Objects of a pattern inside each other, operators aside.
inline constexpr std::size_t pattern_depth_max = 64;
/// Objects and lists of an event inside each other.
inline constexpr std::size_t event_depth_max = 256;

/// Leaves that the definition looks at for one pattern and one event. Beyond it the event goes to
/// the rule's dead letters; it never counts as unmatched.
inline constexpr std::size_t definition_steps_max = 100'000;

inline constexpr std::size_t rules_max = 100'000;
/// Rules that stand beside the main matcher until both are merged.
inline constexpr std::size_t delta_rules_max = 1'000;

static_assert(pattern_characters_max <= pattern_characters_ceiling);
static_assert(delta_rules_max <= rules_max, "the delta is a part of the rules");

} // namespace kontor::routing
