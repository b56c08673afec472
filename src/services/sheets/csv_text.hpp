#pragma once

/// Writing CSV, and reading amounts as people write them.   Pure.   Source: RFC 4180.

#include "base/result.hpp"
#include "domain/values/money.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kontor::services::sheets {

/// Appends one record, with its line end. A field with a comma, a quote or a line break is quoted;
/// so is one that a spreadsheet would take for a formula, behind an apostrophe.
void append_record(std::string& out, std::span<std::string const> fields);

/// A field as it was before `append_record` put an apostrophe in front of it.
std::string_view without_guard(std::string_view field);

/// Reads "19.99", "19.9", "19", "-3.50".   Errors: invalid (no such number, or more digits than the
/// currency has).
Result<Money> parse_decimal(std::string_view text, Currency currency);

/// Reads a whole number, not below zero.   Errors: invalid.
Result<std::int64_t> parse_whole(std::string_view text);

} // namespace kontor::services::sheets
