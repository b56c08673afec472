#pragma once

/// What is typed, number or word: checks that say what is wanted instead of how wide a type is.
/// They stand in place of CLI11's own, whose words are for programmers, and read a number as a
/// person does: 010 is no eight.   Thread: any.

#include <CLI/App.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace kontor::programs {

/// Digits alone, with a minus before them at most, none of them a zero in front. Empty: it is none,
/// or out of these bounds.
std::optional<std::int64_t>
whole_number_in(std::string_view typed, std::int64_t first = 0,
                std::int64_t last = std::numeric_limits<std::int64_t>::max());

/// A whole number in these bounds.
CLI::Validator whole_number(std::int64_t first = 0,
                            std::int64_t last = std::numeric_limits<std::int64_t>::max());
/// A number in these bounds, that may have a fraction.
CLI::Validator number_between(double first, double last);
/// One of some words.
CLI::Validator one_of(std::vector<std::string> const& words);

/// Pieces, as many as move at once: 1 or more.
CLI::Validator whole_units();
/// An amount in the smallest unit of its currency, 1 or more: 949 is 9.49.
CLI::Validator minor_units();
/// Likewise, but nothing is an amount, too.
CLI::Validator minor_units_or_none();

/// Has every number of the tree checked that has no check yet.
void check_numbers(CLI::App& app);

} // namespace kontor::programs
