#pragma once

/// What a document is called, outside and on paper: "INV-2026-17" is the seventeenth invoice of
/// 2026, "CRN-2026-3" the third credit note. Pure.

#include "base/describe.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::documents {

enum class Kind : std::uint8_t { invoice, credit_note };
BOOST_DESCRIBE_ENUM(Kind, invoice, credit_note)

struct Name {
    Kind kind;
    std::string year; ///< the key of the stream of its year
    std::uint64_t number;
    friend bool operator==(Name const&, Name const&) = default;
};

std::string to_string(Name const& name);

/// Reads "INV-2026-17".   Errors: invalid.
Result<Name> parse_name(std::string_view text);

} // namespace kontor::documents
