#pragma once

/// UTF-8, one code point at a time.   Source: RFC 3629.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::routing {

constexpr bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// The length of the well-formed code point that a text begins with; 0 if there is none.
constexpr std::size_t utf8_length(std::string_view text) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (text.empty())
        return 0;
    if (byte(0) < 0x80)
        return 1;
    std::size_t const length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
    if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if (!is_continuation(text[i]))
            return 0;
    bool const is_overlong =
        (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
    bool const is_surrogate = byte(0) == 0xED && byte(1) > 0x9F;
    bool const is_beyond = byte(0) == 0xF4 && byte(1) > 0x8F;
    return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

/// Writes a code point and answers where the next one goes.   Requires: room for four bytes.
constexpr char* write_utf8(char* out, std::uint32_t point) {
    auto const put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | point >> 6);
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3F));
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    }
    return out;
}

inline void append_utf8(std::string& out, std::uint32_t point) {
    char bytes[4];
    out.append(bytes, write_utf8(bytes, point));
}

/// Whether `a` sorts before `b` by UTF-16 units, as Java's strings do: what lies beyond the basic
/// plane stands before U+E000.
constexpr bool utf16_less(std::string_view a, std::string_view b) {
    auto const length = a.size() < b.size() ? a.size() : b.size();
    for (std::size_t i = 0; i < length; ++i) {
        if (a[i] == b[i])
            continue;
        auto const rank = [](char c) {
            auto const byte = static_cast<unsigned char>(c);
            return byte == 0xEE || byte == 0xEF ? byte + 0x10 : int{byte};
        };
        return rank(a[i]) < rank(b[i]);
    }
    return a.size() < b.size();
}

} // namespace kontor::routing
