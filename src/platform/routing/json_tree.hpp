#pragma once

/// JsonTree: a JSON text as it was written: numbers keep their spelling, keys their sequence and
/// their repetitions, and each value knows where it stands. For patterns and for the definition;
/// the compiled matcher reads bytes.
/// Source: RFC 8259; text that is no UTF-8 and lone surrogates are refused.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::routing {

enum class JsonType : std::uint8_t { null_, true_, false_, number, text, list, object };

struct JsonTree {
    JsonType type{JsonType::null_};
    std::size_t offset{};            ///< of its first byte
    std::string text{};              ///< of a string, decoded; of a number, as it is spelled
    std::vector<std::string> keys{}; ///< of an object, beside `items`
    std::vector<JsonTree> items{};
};

struct JsonFault {
    std::string what;
    std::size_t offset{};
    bool is_too_deep{false};
};

/// Reads one value, and nothing but white space around it.
/// Errors: the first place where this is no JSON, or is deeper than `depth`.
Result<JsonTree, JsonFault> read_json(std::string_view text, std::size_t depth);

/// Appends a value without white space; numbers as they were spelled.
void append_json(std::string& out, JsonTree const& tree);

/// Appends what stands between the quotation marks of a string.
void append_json_characters(std::string& out, std::string_view text);

/// The step of a JSON pointer that leads to what lies under this key.   Source: RFC 6901.
std::string pointer_token(std::string_view key);

/// The code points of a text in UTF-8.
std::size_t count_characters(std::string_view text);

} // namespace kontor::routing
