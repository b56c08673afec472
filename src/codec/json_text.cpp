#include "codec/json_text.hpp"

#include <array>
#include <charconv>

namespace kontor::codec {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr unsigned char byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// The length of the UTF-8 sequence at `at`, which begins with a byte above 0x7f; 0: none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
    auto const first = byte_at(text, at);
    auto const second = byte_at(text, at + 1);
    auto const continues = [&](std::size_t offset) {
        return (byte_at(text, at + offset) & 0xC0) == 0x80;
    };
    if (first >= 0xC2 && first <= 0xDF)
        return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        bool const overlong = first == 0xE0 && second < 0xA0;
        bool const surrogate = first == 0xED && second > 0x9F;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        bool const overlong = first == 0xF0 && second < 0x90;
        bool const too_large = first == 0xF4 && second > 0x8F;
        return continues(1) && continues(2) && continues(3) && !overlong && !too_large ? 4 : 0;
    }
    return 0;
}

void append_escaped(std::string& out, unsigned char byte) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    default:
        out += "\\u00";
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
}

template <class Number>
void append_digits(std::string& out, Number number) {
    std::array<char, 24> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

/// The value of a digit of base 64; 64: none.
constexpr auto base64_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(64);
    for (std::size_t i = 0; i < base64_digits.size(); ++i)
        values[static_cast<unsigned char>(base64_digits[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

} // namespace

void append_json_text(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain_begin = 0;
    auto const flush_plain = [&](std::size_t end) {
        out.append(text.substr(plain_begin, end - plain_begin));
    };
    for (std::size_t at = 0; at < text.size();) {
        auto const byte = byte_at(text, at);
        if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
            ++at;
            continue;
        }
        if (auto const length = byte >= 0x80 ? sequence_length(text, at) : 0; length != 0) {
            at += length;
            continue;
        }
        flush_plain(at);
        if (byte >= 0x80)
            out += replacement;
        else
            append_escaped(out, byte);
        plain_begin = ++at;
    }
    flush_plain(text.size());
    out += '"';
}

void append_number(std::string& out, std::int64_t number) {
    append_digits(out, number);
}

void append_number(std::string& out, std::uint64_t number) {
    append_digits(out, number);
}

void append_base64(std::string& out, std::span<std::uint8_t const> bytes) {
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto const rest = bytes.size() - i;
        auto const group = (static_cast<std::uint32_t>(bytes[i]) << 16) |
                           (rest > 1 ? static_cast<std::uint32_t>(bytes[i + 1]) << 8 : 0) |
                           (rest > 2 ? static_cast<std::uint32_t>(bytes[i + 2]) : 0);
        out += base64_digits[group >> 18];
        out += base64_digits[(group >> 12) & 63];
        out += rest > 1 ? base64_digits[(group >> 6) & 63] : '=';
        out += rest > 2 ? base64_digits[group & 63] : '=';
    }
}

std::optional<std::vector<std::uint8_t>> parse_base64(std::string_view text) {
    if (text.size() % 4 != 0)
        return std::nullopt;
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t pending = 0;
    unsigned pending_bits = 0;
    for (char const c : text.substr(0, text.size() - padding)) {
        auto const value = base64_values[static_cast<unsigned char>(c)];
        if (value == 64)
            return std::nullopt;
        pending = (pending << 6) | value;
        pending_bits += 6;
        if (pending_bits >= 8) {
            pending_bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(pending >> pending_bits));
            pending &= (1U << pending_bits) - 1;
        }
    }
    return pending == 0 ? std::optional(std::move(bytes)) : std::nullopt;
}

} // namespace kontor::codec
