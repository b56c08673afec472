#pragma once

/// Pattern: what a rule wants of an event, as a person wrote it, read and checked. A pattern is a
/// list of conjuncts, of which one must hold; a conjunct is a list of fields, of which all must
/// hold; a field is a path and alternatives, of which one must match a leaf of the event there.
///
/// 1. `$or` is gone: it was multiplied out in the sequence of the document, a later field
///    overriding an earlier one of the same path.
/// 2. The fields of a conjunct have different paths, in the sequence of UTF-16 units.
/// 3. A path is its keys joined by dots; a key with a dot is two levels.
///
/// Source: MESSAGING section 2; EventBridge's event patterns as event-ruler 2.1 reads them.

#include "base/result.hpp"
#include "platform/routing/addresses.hpp"
#include "platform/routing/limits.hpp"
#include "platform/routing/numbers.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::routing {

enum class Test : std::uint8_t {
    text,   ///< this string, or the same IP address
    number, ///< worth the same, or spelled the same
    true_,
    false_,
    null_,
    exactly, ///< this string, and no other spelling of an address
    prefix,
    suffix,
    prefix_ignoring_case,
    suffix_ignoring_case,
    equals_ignoring_case,
    wildcard,
    anything_but_texts,
    anything_but_numbers,
    anything_but_prefix,
    anything_but_suffix,
    anything_but_ignoring_case,
    anything_but_wildcard,
    numeric,
    network,
    exists,
    absent
};

/// What a comparable number must lie between.
struct Range {
    double low{-std::numeric_limits<double>::infinity()};
    double high{std::numeric_limits<double>::infinity()};
    bool includes_low{true};
    bool includes_high{true};

    bool contains(double value) const {
        return (includes_low ? value >= low : value > low) &&
               (includes_high ? value <= high : value < high);
    }
};

struct Alternative {
    Test test{};
    std::vector<std::string> texts{}; ///< as written; one, but for anything-but
    std::vector<Literal> numbers{};
    Range range{};
    Network network{};
};

struct Field {
    std::string path;
    std::size_t offset{};  ///< of its list in the pattern
    std::string pointer{}; ///< to its list in the pattern (RFC 6901)
    std::vector<Alternative> alternatives{};

    /// Whether an event without it may match.
    bool may_be_absent() const;
};

struct Pattern {
    std::vector<Field> fields{};
    std::vector<std::vector<std::uint32_t>> conjuncts{}; ///< indexes of fields
};

enum class PatternFault : std::uint8_t {
    too_long,
    not_json,
    too_deep,
    not_an_object,
    empty_object,
    empty_list,
    not_a_list,
    list_in_list,
    operator_keys,
    unknown_operator,
    wrong_operand,
    wrong_wildcard,
    wrong_number,
    wrong_range,
    wrong_network,
    too_many_conjuncts,
    too_many_fields
};

std::string_view name(PatternFault fault);

/// What to do about it, as a sentence.
std::string_view remedy(PatternFault fault);

struct PatternError {
    PatternFault fault{};
    std::string what{};    ///< a sentence that names what was found
    std::string pointer{}; ///< into the pattern (RFC 6901); empty for the whole of it
    std::size_t offset{};  ///< in the pattern's text.   Units: bytes.
};

/// "the pattern at /detail/state/0 (offset 22): there is no operator `prefx`. Use one of …"
std::string to_string(PatternError const& error);

/// Reads a pattern.
/// Units:    `characters_max` counts code points; it may be raised to pattern_characters_ceiling.
/// Errors:   the first fault in the sequence of the text, by its kind, with its place.
Result<Pattern, PatternError> compile(std::string_view text,
                                      std::size_t characters_max = pattern_characters_max);

} // namespace kontor::routing
