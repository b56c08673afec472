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

/// As scan_text, of a string that is longer than a step, stands at the end, or has a backslash.
TextSpan scan_long_text(char const* at, char const* end);

/// Reads a string.   Requires: `at` stands behind the opening quotation mark.
inline TextSpan scan_text(char const* at, char const* end) {
    if (end - at >= 16) {
        auto const bytes = load_16(at);
        auto const quotes = mask_of(bytes, '"');
        auto const before = quotes ^ (quotes - 1); // all bits up to the first quotation mark
        if (quotes != 0 && (mask_of(bytes, '\\') & before) == 0)
            return {at + __builtin_ctz(quotes), false, (mask_of(bytes, '.') & before) != 0};
    }
    return scan_long_text(at, end);
}

/// Where a string ends that nobody looks at: behind its closing quotation mark, or nullptr.
inline char const* skip_text(char const* at, char const* end) {
    if (end - at >= 16) {
        auto const bytes = load_16(at);
        auto const quotes = mask_of(bytes, '"');
        if (quotes != 0 && (mask_of(bytes, '\\') & (quotes ^ (quotes - 1))) == 0)
            return at + __builtin_ctz(quotes) + 1;
    }
    auto const span = scan_long_text(at, end);
    return span.end == nullptr ? nullptr : span.end + 1;
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
