#pragma once

/// Strong<Tag, T>: a T that mixes with nothing else. Explicit in, .value() out, comparison and
/// hash, nothing implicit.
///
///   using Position = Strong<struct PositionTag, std::uint64_t>;

#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace kontor {

template <class Tag, class T>
class Strong {
public:
    using underlying = T;

    constexpr Strong() = default;
    constexpr explicit Strong(T value) : value_(std::move(value)) {}
    constexpr T const& value() const { return value_; }

    friend constexpr auto operator<=>(Strong const&, Strong const&) = default;
    friend constexpr bool operator==(Strong const&, Strong const&) = default;

private:
    T value_{};
};

template <class T>
inline constexpr bool is_strong = false;
template <class Tag, class T>
inline constexpr bool is_strong<Strong<Tag, T>> = true;

} // namespace kontor

template <class Tag, class T>
struct std::hash<kontor::Strong<Tag, T>> {
    std::size_t operator()(kontor::Strong<Tag, T> const& strong) const {
        return std::hash<T>{}(strong.value());
    }
};
