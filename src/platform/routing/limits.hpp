#pragma once

/// Limits of patterns, rules and matching. Who goes beyond one is told so by name; nothing is cut.
/// Source: MESSAGING section 2, "Limits".

#include <cstddef>

namespace kontor::routing {

/// Of a pattern's text.   Units: code points.
inline constexpr std::size_t pattern_characters_max = 2048;
/// The most that it may be raised to: what SNS takes as the filter of a subscription.
inline constexpr std::size_t pattern_characters_ceiling = 262'144;

/// What `$or` may multiply to.
inline constexpr std::size_t conjuncts_max = 1000;
inline constexpr std::size_t fields_of_conjunct_max = 256;

/// Keys of a pattern's path, those in a dotted key each counted.
inline constexpr std::size_t pattern_depth_max = 64;
/// Objects and lists of an event inside each other; and keys of a path in it, those in a dotted key
/// each counted.
inline constexpr std::size_t event_depth_max = 256;
/// Of an event that is taken apart.   Units: bytes.
inline constexpr std::size_t event_bytes_max = 4U << 20;

/// Work of the definition for one pattern and one event, as Steps counts it. Beyond it the event
/// goes to the rule's dead letters; it never counts as unmatched.
inline constexpr std::size_t definition_steps_max = 100'000;
/// The same for all patterns of a matcher and one event.
inline constexpr std::size_t definition_steps_of_event_max = 10'000'000;
/// What wildcards may look through for one event, over all leaves and rules. Beyond it what they
/// would find is not known, and the event goes to the dead letters of the rules that it hangs on.
/// Units: bytes.
inline constexpr std::size_t wildcard_bytes_of_event_max = 32U << 20;

/// Work of one explanation, and of one lint. Beyond it both say that they stopped.
inline constexpr std::size_t explain_steps_max = 2'000'000;
inline constexpr std::size_t lint_steps_max = 2'000'000;

inline constexpr std::size_t rules_max = 100'000;
/// Rules that stand beside the main matcher until both are merged.
inline constexpr std::size_t delta_rules_max = 1'000;
/// Fields of all conjuncts of all rules: four bytes each, and more while they are compiled.
inline constexpr std::size_t needs_max = 64'000'000;
/// Of the rules beside the main matcher: they are compiled anew with each change.
inline constexpr std::size_t delta_needs_max = 1'000'000;

static_assert(pattern_characters_max <= pattern_characters_ceiling);
static_assert(definition_steps_max <= definition_steps_of_event_max, "one pattern gets its share");
static_assert(delta_rules_max <= rules_max, "the delta is a part of the rules");
static_assert(conjuncts_max * fields_of_conjunct_max <= delta_needs_max,
              "any one rule has room beside the main matcher");
static_assert(delta_needs_max <= needs_max);

} // namespace kontor::routing
