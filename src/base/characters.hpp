#pragma once

/// Texts that are cut where they are too long, and no character with them; and what somebody else
/// says, so that it can stand in a text of ours.

#include <algorithm>
#include <cstddef>
#include <string>
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

/// The first bytes of a text, at most so many, with `?` for all that is not printable ASCII.
inline std::string printable(std::string_view text, std::size_t bytes_max) {
    std::string kept(text.substr(0, bytes_max));
    std::ranges::replace_if(kept, [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
    return kept;
}

/// A text of somebody's for a terminal, which obeys control characters: line ends and tabs as
/// spaces, all others as `?`. UTF-8 stays.
inline std::string without_controls(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        bool const is_c1 =
            byte == 0xc2U && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0U;
        if (byte == '\n' || byte == '\r' || byte == '\t')
            shown += ' ';
        else if (byte < 0x20U || byte == 0x7fU || is_c1)
            shown += '?';
        else
            shown += text[i];
        i += is_c1 ? 1 : 0;
    }
    return shown;
}

static_assert(whole_characters("ab", 2) == "ab");
static_assert(whole_characters("a\xc3\xa4", 2) == "a");
static_assert(whole_characters("\xe2\x82\xac", 2).empty());

} // namespace kontor
