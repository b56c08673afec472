#pragma once

/// What can be said of any stored fact by its number alone: its JSON, its schema, its fields. A
/// fact of an older version is shown as it was stored.   Thread: any.

#include "codec/json_options.hpp"

#include "base/result.hpp"
#include "domain/values/event_type.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::codec {

class FieldOpener;

/// With an opener what is sealed is shown in the clear, or as erased; without one as it is stored.
/// Errors: corrupt (the bytes are no such fact), unsupported (no event type has this number), what
/// the opener says.
Result<std::string> stored_to_json(EventType type, std::span<std::uint8_t const> bytes,
                                   PersonalFields personal, FieldOpener* opener = nullptr);

/// Appends the stored form of a fact that is given as JSON.
/// Errors: invalid (with a JSON pointer), unsupported (no event type has this number).
Result<void> json_to_stored(EventType type, std::string_view json, std::vector<std::uint8_t>& out);

/// The JSON Schema of a fact.   Errors: unsupported (no event type has this number).
Result<std::string> stored_schema(EventType type);

/// Its fields in words, in the sequence of its bytes: "sku: SKU, price: money, from?: instant".
/// Errors: unsupported (no event type has this number).
Result<std::string> stored_fields(EventType type);

} // namespace kontor::codec
