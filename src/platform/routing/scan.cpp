#include "platform/routing/scan.hpp"

#include "platform/routing/utf8.hpp"

#include <cstring>

#include <immintrin.h>

namespace kontor::routing {
namespace {

constexpr std::size_t block_size = 64;

/// Which of 64 bytes are what.
struct Block {
    std::uint64_t quotes;
    std::uint64_t backslashes;
    std::uint64_t opening;
    std::uint64_t closing;
};

struct Baseline {
    static Block read(char const* at) {
        Block block{};
        for (std::size_t i = 0; i < 4; ++i) {
            auto const bytes = load_16(at + 16 * i);
            auto const brackets = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
            block.quotes |= std::uint64_t{mask_of(bytes, '"')} << (16 * i);
            block.backslashes |= std::uint64_t{mask_of(bytes, '\\')} << (16 * i);
            block.opening |= std::uint64_t{mask_of(brackets, '{')} << (16 * i);
            block.closing |= std::uint64_t{mask_of(brackets, '}')} << (16 * i);
        }
        return block;
    }

    static int count(std::uint64_t bits) {
        int count = 0;
        for (; bits != 0; bits &= bits - 1)
            ++count;
        return count;
    }
};

struct Avx2 {
    __attribute__((target("avx2"))) static std::uint64_t mask(__m256i low, __m256i high, char c) {
        auto const wanted = _mm256_set1_epi8(c);
        auto const bits = [](__m256i equal) __attribute__((target("avx2"))) {
            return static_cast<std::uint32_t>(_mm256_movemask_epi8(equal));
        };
        return bits(_mm256_cmpeq_epi8(low, wanted)) |
               std::uint64_t{bits(_mm256_cmpeq_epi8(high, wanted))} << 32;
    }

    __attribute__((target("avx2"))) static Block read(char const* at) {
        auto const low = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(at));
        auto const high = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(at + 32));
        auto const bit = _mm256_set1_epi8(0x20);
        auto const low_brackets = _mm256_or_si256(low, bit);
        auto const high_brackets = _mm256_or_si256(high, bit);
        return {mask(low, high, '"'), mask(low, high, '\\'), mask(low_brackets, high_brackets, '{'),
                mask(low_brackets, high_brackets, '}')};
    }

    __attribute__((target("popcnt"))) static int count(std::uint64_t bits) {
        return __builtin_popcountll(bits);
    }
};

/// The place in the middle of a list or object: how deep, and whether in a string.
struct Depth {
    std::int64_t level{0};
    bool is_in_text{false};
    bool is_after_backslash{false};

    /// Byte by byte; answers the length up to the end of the whole, or 0.
    std::size_t step(char const* at, std::size_t length) {
        for (std::size_t i = 0; i < length; ++i) {
            char const c = at[i];
            if (is_after_backslash) {
                is_after_backslash = false;
            } else if (is_in_text) {
                is_after_backslash = c == '\\';
                is_in_text = c != '"';
            } else if (c == '"') {
                is_in_text = true;
            } else if (c == '{' || c == '[') {
                ++level;
            } else if ((c == '}' || c == ']') && --level == 0) {
                return i + 1;
            }
        }
        return 0;
    }
};

/// For each bit whether an odd number of bits is set up to and with it.
std::uint64_t parity_up_to(std::uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

/// Goes over the brackets one by one; answers the length up to the end of the whole, or 0.
std::size_t find_end(std::uint64_t opening, std::uint64_t closing, std::int64_t& level) {
    for (auto all = opening | closing; all != 0; all &= all - 1) {
        auto const lowest = all & (0 - all);
        level += (opening & lowest) != 0 ? 1 : -1;
        if (level == 0)
            return static_cast<std::size_t>(__builtin_ctzll(all)) + 1;
    }
    return 0;
}

template <class Level>
inline __attribute__((always_inline)) std::size_t step_block(char const* at, Depth& depth) {
    auto const block = Level::read(at);
    if (block.backslashes != 0 || depth.is_after_backslash)
        return depth.step(at, block_size);
    std::uint64_t in_text = depth.is_in_text ? ~std::uint64_t{0} : 0;
    if (block.quotes != 0) {
        in_text ^= parity_up_to(block.quotes);
        depth.is_in_text = in_text >> 63 != 0;
    }
    auto const opening = block.opening & ~in_text;
    auto const closing = block.closing & ~in_text;
    auto const closed = Level::count(closing);
    if (closed >= depth.level)
        return find_end(opening, closing, depth.level);
    depth.level += Level::count(opening) - closed;
    return 0;
}

template <class Level>
inline __attribute__((always_inline)) char const* skip(char const* at, char const* end) {
    Depth depth;
    for (; end - at >= static_cast<std::ptrdiff_t>(block_size); at += block_size)
        if (auto const length = step_block<Level>(at, depth))
            return at + length;
    char rest[block_size];
    std::memset(rest, ' ', block_size);
    std::memcpy(rest, at, static_cast<std::size_t>(end - at));
    auto const length = step_block<Level>(rest, depth);
    return length == 0 ? nullptr : at + length;
}

char const* skip_baseline(char const* at, char const* end) {
    return skip<Baseline>(at, end);
}

__attribute__((target("avx2,popcnt"))) char const* skip_avx2(char const* at, char const* end) {
    return skip<Avx2>(at, end);
}

/// The end of a string that has a backslash at or after `at`.
TextSpan escaped_text(char const* at, char const* end, bool has_dot) {
    for (; at < end && *at != '"'; ++at) {
        has_dot |= *at == '.';
        if (*at == '\\' && ++at == end)
            break;
    }
    return {at < end ? at : nullptr, true, has_dot};
}

int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    auto const letter = static_cast<char>(c | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// Reads `XXXX` and answers whether there is one.
bool read_unit(char const*& at, char const* end, std::uint32_t& unit) {
    if (end - at < 4)
        return false;
    unit = 0;
    for (int i = 0; i < 4; ++i) {
        int const digit = hex_value(*at++);
        if (digit < 0)
            return false;
        unit = unit * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
}

/// Reads what follows `\u`, with the second half of a pair.
bool read_point(char const*& at, char const* end, std::uint32_t& point) {
    if (!read_unit(at, end, point))
        return false;
    if (point < 0xD800 || point >= 0xE000)
        return true;
    std::uint32_t low = 0;
    if (point >= 0xDC00 || end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return false;
    at += 2;
    if (!read_unit(at, end, low) || low < 0xDC00 || low >= 0xE000)
        return false;
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

} // namespace

CpuLevel best_cpu_level() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? CpuLevel::avx2
                                                                              : CpuLevel::baseline;
}

SkipContainer skip_container(CpuLevel level) {
    return level == CpuLevel::avx2 ? skip_avx2 : skip_baseline;
}

TextSpan scan_long_text(char const* at, char const* end) {
    bool has_dot = false;
    for (; end - at >= 16; at += 16) {
        auto const bytes = load_16(at);
        auto const stops = mask_of(bytes, '"') | mask_of(bytes, '\\');
        auto const before = stops == 0 ? ~0U : stops ^ (stops - 1);
        has_dot |= (mask_of(bytes, '.') & before) != 0;
        if (stops != 0)
            break;
    }
    for (; at < end && *at != '"'; ++at) {
        if (*at == '\\')
            return escaped_text(at, end, has_dot);
        has_dot |= *at == '.';
    }
    return {at < end ? at : nullptr, false, has_dot};
}

char* decode_text(std::string_view text, char* out) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
    char const* at = text.data();
    char const* const end = at + text.size();
    while (at < end) {
        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        if (++at == end)
            return nullptr;
        char const letter = *at++;
        if (letter == 'u') {
            std::uint32_t point = 0;
            if (!read_point(at, end, point))
                return nullptr;
            out = write_utf8(out, point);
            continue;
        }
        auto const found = letters.find(letter);
        if (found == std::string_view::npos)
            return nullptr;
        *out++ = meant[found];
    }
    return out;
}

} // namespace kontor::routing
