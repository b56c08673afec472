#pragma once

/// The small pieces of a JSON text: escaped strings, numbers, base 64.   Thread: any.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::codec {

/// Appends a quoted JSON string. Bytes that are no UTF-8 become U+FFFD, so that what we write is
/// always valid.   Source: RFC 8259 section 7; RFC 3629 section 4.
void append_json_text(std::string& out, std::string_view text);

void append_number(std::string& out, std::int64_t number);
void append_number(std::string& out, std::uint64_t number);

/// With padding.   Source: RFC 4648 section 4.
void append_base64(std::string& out, std::span<std::uint8_t const> bytes);
/// Empty: not the one spelling that append_base64 gives.
std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text);

} // namespace kontor::codec
