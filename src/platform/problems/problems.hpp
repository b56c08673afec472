#pragma once

/// The one registry of everything that can be refused or can fail: a code that never changes, a
/// name, a title, an HTTP status, whether trying again can help, the cause, and what to do.
/// Answers, logs, `kontor explain` and the reference come from it.
///
/// Invariants: 1. A code is given once and never again. E1 request · E2 caller and limits · E3 the
///                shop's rules · E4 messaging · E5 storage · E6 the world outside · E7 command line
///                and settings · E9 a defect.
///             2. Every rejection of every aggregate has a row under its own name: one without does
///                not compile.
///             3. Rejections of several aggregates that mean the same share a name and a row.

#include "base/assert.hpp"
#include "base/describe.hpp"
#include "base/failure.hpp"

#include <boost/mp11/algorithm.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kontor::problems {

struct Problem {
    std::uint16_t code; ///< 3005 is written E3005
    std::string_view name;
    std::string_view title;
    std::uint16_t status;   ///< of HTTP
    bool retryable;         ///< the same request may succeed later, unchanged
    std::string_view cause; ///< what usually lies behind it
    std::string_view remedy;
};

namespace detail {
inline constexpr Problem table[] = {
#include "platform/problems/table.inc"
};
} // namespace detail

/// Every problem there is, ascending by code.
constexpr std::span<Problem const> all_problems() {
    return detail::table;
}

/// Null: no such problem.
constexpr Problem const* find_problem(std::string_view name) {
    for (auto const& problem : detail::table)
        if (problem.name == name)
            return &problem;
    return nullptr;
}
constexpr Problem const* find_problem(std::uint16_t code) {
    for (auto const& problem : detail::table)
        if (problem.code == code)
            return &problem;
    return nullptr;
}

constexpr bool is_problem(std::string_view name) {
    for (auto const& problem : detail::table)
        if (problem.name == name)
            return true;
    return false;
}

/// True when each enumerator of `E` has a row of its name: for static_assert under a registry of
/// rejections.
template <DescribedEnum E>
consteval bool every_enumerator_is_a_problem() {
    bool all = true;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto enumerator) { all = all && is_problem(std::string_view(enumerator.name)); });
    return all;
}

/// The row of a rejection.   Requires: every_enumerator_is_a_problem<E>().
template <DescribedEnum E>
Problem const& problem_of(E rejection) {
    static_assert(every_enumerator_is_a_problem<E>(),
                  "a rejection has no row in platform/problems/table.inc");
    Problem const* found = nullptr;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
        if (enumerator.value == rejection)
            found = find_problem(std::string_view(enumerator.name));
    });
    KONTOR_ASSERT(found != nullptr, "a rejection outside its enumeration");
    return *found;
}

/// The row of a failure's kind.
Problem const& problem_of(FailureKind kind);

/// "E3005"
std::string code_text(Problem const& problem);

/// Reads "E3005", "e3005", "3005" or "price_changed".
Problem const* find_problem_spelled(std::string_view text);

} // namespace kontor::problems
