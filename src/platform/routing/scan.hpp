#pragma once

/// Scan: steps over the bytes of a JSON text without reading what nobody asks for. Every step stays
/// between its two pointers, whatever the bytes are; on bytes that are no JSON it stops at a place
/// that means nothing, or answers nullptr.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <emmintrin.h>

namespace kontor::routing {

/// What the processor can do; known once, when a matcher is built.
enum class CpuLevel : std::uint8_t { baseline, avx2 };

CpuLevel best_cpu_level();

/// Answers where a list or object ends; nullptr if it does not.   Requires: `at` stands on its
/// opening bracket.
using SkipContainer = char const* (*)(char const* at, char const* end);

SkipContainer skip_container(CpuLevel level);

/// A string's content and what is special about it.
struct TextSpan {
    char const* end{nullptr}; ///< on the closing quotation mark; nullptr if there is none
    bool is_escaped{false};   ///< it has a backslash
    bool has_dot{false};
};

inline char const* skip_space(char const* at, char const* end) {
    while (at < end && static_cast<unsigned char>(*at) <= ' ')
        ++at;
    return at;
}

inline unsigned mask_of(__m128i bytes, char c) {
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))));
}

inline __m128i load_16(char const* at) {
    return _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
}

/// The end of a string that has a backslash at or after `at`.
inline TextSpan escaped_text(char const* at, char const* end, bool has_dot) {
    for (; at < end && *at != '"'; ++at) {
        has_dot |= *at == '.';
        if (*at == '\\' && ++at == end)
            break;
    }
    return {at < end ? at : nullptr, true, has_dot};
}

/// Reads a string.   Requires: `at` stands behind the opening quotation mark.
inline TextSpan scan_text(char const* at, char const* end) {
    unsigned dots = 0;
    for (; end - at >= 16; at += 16) {
        auto const bytes = load_16(at);
        auto const quotes = mask_of(bytes, '"');
        auto const backslashes = mask_of(bytes, '\\');
        auto const dot = mask_of(bytes, '.');
        auto const stops = quotes | backslashes;
        if (stops == 0) {
            dots |= dot;
            continue;
        }
        auto const first = stops & (0U - stops);
        dots |= dot & (first - 1);
        at += __builtin_ctz(stops);
        if ((backslashes & first) != 0)
            return escaped_text(at, end, dots != 0);
        return {at, false, dots != 0};
    }
    for (; at < end && *at != '"'; ++at) {
        if (*at == '\\')
            return escaped_text(at, end, dots != 0);
        dots |= *at == '.' ? 1U : 0U;
    }
    return {at < end ? at : nullptr, false, dots != 0};
}

/// Where a number, true, false or null ends.
inline char const* scan_word(char const* at, char const* end) {
    for (; end - at >= 16; at += 16) {
        auto const bytes = load_16(at);
        auto const spaces =
            _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8(0x20));
        auto const closing =
            _mm_cmpeq_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('}'));
        auto const commas = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','));
        auto const stops = static_cast<unsigned>(
            _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(spaces, closing), commas)));
        if (stops != 0)
            return at + __builtin_ctz(stops);
    }
    while (at < end && static_cast<unsigned char>(*at) > ' ' && *at != ',' && *at != '}' &&
           *at != ']')
        ++at;
    return at;
}

/// Writes what an escaped string means and answers where it ends; nullptr if an escape is wrong.
/// Requires: room for the text's bytes.
char* decode_text(std::string_view text, char* out);

} // namespace kontor::routing
