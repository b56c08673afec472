#pragma once

/// Id128: 128 bits, 48 of time (ms since 1970) and 80 of chance or hash. Written as 26 characters
/// of Crockford's base 32, so that sorted texts are sorted times. Derived ids keep the time of
/// their cause: a log segment sealed before an id's time cannot hold it.
/// Source: the ULID
/// specification; DOMAIN section 9.

#include "base/instant.hpp"
#include "base/random.hpp"
#include "base/result.hpp"

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace kontor {

class Id128 {
public:
    static constexpr std::size_t text_length = 26;

    constexpr Id128() = default;
    constexpr Id128(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}

    /// A new id of this moment.
    static Id128 mint(Instant now, Random& random);

    /// The time prefix of `cause` and 80 bits of XXH3-128 over cause, noun and index: the same
    /// inputs give the same id. `noun` must be a constant of the code, so that different uses never
    /// meet.
    static Id128 derive(Id128 cause, std::string_view noun, std::uint64_t index = 0);

    /// Errors: invalid (not 26 characters of Crockford's base 32, or above 128 bits).
    static Result<Id128> parse(std::string_view text);

    std::string to_string() const;
    void write(std::span<char, text_length> out) const;

    constexpr std::uint64_t high() const { return high_; }
    constexpr std::uint64_t low() const { return low_; }
    constexpr bool is_nil() const { return high_ == 0 && low_ == 0; }

    /// The millisecond this id was made in, or its first cause was.
    constexpr Instant time() const {
        return Instant::from_unix_microseconds(static_cast<std::int64_t>(high_ >> 16) * 1'000);
    }

    /// Big-endian, so that bytes sort as ids.
    std::array<std::uint8_t, 16> bytes() const {
        std::array<std::uint64_t, 2> const words{big_endian(high_), big_endian(low_)};
        return std::bit_cast<std::array<std::uint8_t, 16>>(words);
    }
    static Id128 from_bytes(std::span<std::uint8_t const, 16> bytes) {
        std::array<std::uint64_t, 2> words;
        std::memcpy(words.data(), bytes.data(), bytes.size());
        return {big_endian(words[0]), big_endian(words[1])};
    }

    friend constexpr auto operator<=>(Id128, Id128) = default;

private:
    static constexpr std::uint64_t big_endian(std::uint64_t word) {
        return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
    }

    std::uint64_t high_{0};
    std::uint64_t low_{0};
};

} // namespace kontor

template <>
struct std::hash<kontor::Id128> {
    std::size_t operator()(kontor::Id128 id) const {
        return static_cast<std::size_t>((id.low() ^ (id.high() << 1)) * 0x9e3779b97f4a7c15ULL);
    }
};
