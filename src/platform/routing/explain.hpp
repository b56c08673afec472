#pragma once

/// Explanations: why a pattern does not match an event, in terms of both; which rules missed it by
/// one field; and what in a pattern its author may not have meant. Slow, for people.
/// Source: MESSAGING section 2, "Explain why not" and "Arrays, the definition".

#include "base/describe.hpp"
#include "platform/routing/definition.hpp"

#include <optional>
#include <span>

namespace kontor::routing {

enum class FieldState : std::uint8_t {
    matched,
    absent,       ///< no leaf is there, and one is wanted
    present,      ///< a leaf is there, and none is wanted
    differs,      ///< leaves are there, and none is as wanted
    other_element ///< a leaf is as wanted, but not in the element where the other fields are
};
BOOST_DESCRIBE_ENUM(FieldState, matched, absent, present, differs, other_element)

/// Why a leaf is not what is wanted, from near to far.
enum class Difference : std::uint8_t { letter_case, range, number, value, type };
BOOST_DESCRIBE_ENUM(Difference, letter_case, range, number, value, type)

struct NearLeaf {
    std::string pointer{};   ///< into the event (RFC 6901)
    std::string spelling{};  ///< the leaf as JSON spells it, without escapes
    Difference difference{}; ///< of a leaf that is not as wanted
};

inline constexpr std::size_t near_leaves_max = 3;
inline constexpr std::size_t near_misses_max = 20;
inline constexpr std::size_t explained_conjuncts_max = 100;
/// Of a leaf that is shown; the rest is an ellipsis.   Units: bytes.
inline constexpr std::size_t spelling_size_max = 200;
/// Work of looking for near misses over all patterns.
inline constexpr std::size_t near_misses_steps_max = 20'000'000;
static_assert(explain_steps_max <= near_misses_steps_max, "one pattern gets its share");

struct FieldFinding {
    std::uint32_t field{}; ///< index into Pattern::fields, which have pointer and offset
    FieldState state{};
    std::vector<NearLeaf> leaves{}; ///< the nearest, at most near_leaves_max
};

struct ConjunctFinding {
    Verdict verdict{};
    std::vector<FieldFinding> fields{}; ///< in the sequence of their paths
};

struct Explanation {
    Verdict verdict{};
    std::vector<ConjunctFinding> conjuncts{}; ///< the first of them
    bool is_cut{false};   ///< there is more to say than limits allow: fields may stand as matched
                          ///< that are not, and conjuncts are left out
    std::size_t steps{0}; ///< that it took
};

/// Says of every conjunct and field how it stands with an event. Fields are judged alone; if all
/// pass and the conjunct does not, the smallest set whose elements disagree is `other_element`.
Explanation explain(Pattern const& pattern, FlatEvent const& event,
                    std::size_t steps_max = explain_steps_max);

/// Whether some conjunct fails in one field alone, and in which.
std::optional<FieldFinding> near_miss(Explanation const& explanation);

struct NearMiss {
    std::size_t pattern{}; ///< index
    FieldFinding field{};
};

struct NearMisses {
    std::vector<NearMiss> misses{};
    std::size_t looked_at{}; ///< so many patterns; those behind may be near misses, too
};

/// The first near_misses_max patterns that fail in one field.
NearMisses near_misses(std::span<Pattern const> patterns, FlatEvent const& event,
                       std::size_t steps_max = near_misses_steps_max);

} // namespace kontor::routing
