#pragma once

/// InlineText<N>: at most N bytes of text inside the value itself: no allocation, trivially copied,
/// compared as bytes. For short codes (SKU, location, type names) in hot tables. Constructing one
/// from a text that is too long is a defect: parse at the edge first.

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kontor {

template <std::size_t N>
class InlineText {
    static_assert(N > 0 && N <= 255, "the length is one byte");

public:
    static constexpr std::size_t length_max = N;

    constexpr InlineText() = default;
    constexpr explicit InlineText(std::string_view text)
        : length_(static_cast<std::uint8_t>(text.size())) {
        KONTOR_ASSERT(text.size() <= N, "a text of {} bytes where {} fit", text.size(), N);
        std::copy(text.begin(), text.end(), bytes_.begin());
    }

    constexpr std::string_view view() const { return {bytes_.data(), length_}; }
    constexpr bool empty() const { return length_ == 0; }

    friend constexpr bool operator==(InlineText const& a, InlineText const& b) {
        return a.view() == b.view();
    }
    friend constexpr auto operator<=>(InlineText const& a, InlineText const& b) {
        return a.view() <=> b.view();
    }

private:
    std::array<char, N> bytes_{};
    std::uint8_t length_{0};
};

template <class T>
inline constexpr bool is_inline_text = false;
template <std::size_t N>
inline constexpr bool is_inline_text<InlineText<N>> = true;

} // namespace kontor

template <std::size_t N>
struct std::hash<kontor::InlineText<N>> {
    std::size_t operator()(kontor::InlineText<N> const& text) const {
        return std::hash<std::string_view>{}(text.view());
    }
};
