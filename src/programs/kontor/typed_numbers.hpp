#pragma once

/// Numbers as they are typed: checks that say what is wanted instead of how
/// wide a type is. Thread: any.

#include <CLI/App.hpp>

namespace kontor::programs {

/// Pieces: 1 or more.
CLI::Validator whole_units();
/// An amount in the smallest unit of its currency, 1 or more: 949 is 9.49.
CLI::Validator minor_units();
/// Likewise, but nothing is an amount, too.
CLI::Validator minor_units_or_none();

} // namespace kontor::programs
