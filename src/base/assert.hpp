#pragma once

/// Defects: our code is wrong. Assertions are always on, in release too, and end the program; they
/// are never reachable from input.

#include <fmt/core.h>

namespace kontor {

/// Prints place, condition, message and the seed of the run to stderr, then aborts.
[[noreturn]] void defect(char const* file, int line, char const* condition,
                         fmt::string_view message, fmt::format_args values);

template <class... Values>
[[noreturn]] void defect_at(char const* file, int line, char const* condition,
                            fmt::format_string<Values...> message, Values const&... values) {
    defect(file, line, condition, message, fmt::make_format_args(values...));
}

/// The seed that a defect report prints, so that a failing run can be repeated.
void set_defect_seed(unsigned long long seed);

} // namespace kontor

/// KONTOR_ASSERT(reserved <= on_hand, "{} reserved of {}", reserved, on_hand);
#define KONTOR_ASSERT(condition, ...)                                                              \
    do {                                                                                           \
        if (!(condition)) [[unlikely]]                                                             \
            ::kontor::defect_at(__FILE__, __LINE__, #condition, __VA_ARGS__);                      \
    } while (false)

/// Follows the closing brace of a switch over every enumerator.
#define KONTOR_UNREACHABLE() ::kontor::defect_at(__FILE__, __LINE__, "unreachable", "reached")
