#pragma once

/// BinaryWriter: puts the primitives of the binary encoding into memory that is known to be large
/// enough. It checks nothing: its caller measured first (codec/binary.hpp).   Thread: one.

#include "domain/values/id128.hpp"
#include "domain/values/money.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kontor::codec {

/// The most bytes that a varint takes: 64 bits, seven a byte.
inline constexpr std::size_t varint_length_max = 10;

class BinaryWriter {
public:
    explicit BinaryWriter(std::uint8_t* at) : at_(at) {}

    std::uint8_t* at() const { return at_; }

    void byte(std::uint8_t value) { *at_++ = value; }

    void varint(std::uint64_t value) {
        // A byte may alias `at_` itself: through a local pointer it stays in a register.
        auto* at = at_;
        while (value >= 0x80) {
            *at++ = static_cast<std::uint8_t>(value | 0x80);
            value >>= 7;
        }
        *at++ = static_cast<std::uint8_t>(value);
        at_ = at;
    }

    void zigzag(std::int64_t value) { varint(folded(value)); }

    void bytes(void const* from, std::size_t count) {
        if (count != 0)
            std::memcpy(at_, from, count);
        at_ += count;
    }

    void text(std::string_view text) {
        varint(text.size());
        bytes(text.data(), text.size());
    }

    void id(Id128 id) {
        big_endian(id.high());
        big_endian(id.low());
    }

    void currency(Currency currency) {
        varint(currency.iso_number());
        currency_ = currency;
    }

    /// The currency follows only where it is not the one that the event named last.
    void money(Money money) {
        bool const differs = money.currency() != currency_;
        varint((folded(money.minor()) << 1) | (differs ? 1 : 0));
        if (differs)
            currency(money.currency());
    }

private:
    void big_endian(std::uint64_t value) {
        static_assert(std::endian::native == std::endian::little);
        value = __builtin_bswap64(value);
        std::memcpy(at_, &value, sizeof value);
        at_ += sizeof value;
    }

    static constexpr std::uint64_t folded(std::int64_t value) {
        return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
    }

    std::uint8_t* at_;
    Currency currency_{};
};

} // namespace kontor::codec
