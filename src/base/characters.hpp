#pragma once

/// Texts that are cut where they are too long, and no character with them.

#include <cstddef>
#include <string_view>

namespace kontor {

/// The first bytes of a text in UTF-8, at most so many: no character is cut in two.
constexpr std::string_view whole_characters(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max)
        return text;
    while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xc0U) == 0x80U)
        --bytes_max;
    return text.substr(0, bytes_max);
}

static_assert(whole_characters("ab", 2) == "ab");
static_assert(whole_characters("a\xc3\xa4", 2) == "a");
static_assert(whole_characters("\xe2\x82\xac", 2).empty());

} // namespace kontor
