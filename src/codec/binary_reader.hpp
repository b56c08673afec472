#pragma once

/// BinaryReader: takes the primitives of the binary encoding from bytes that may be anything.
///
/// Invariants: 1. It never reads outside the span, and it always ends.
///             2. The first fault is kept with its offset. From then on every call answers a
///             harmless value, so that a decoder asks once, at its end.
///             3. What it accepts has one spelling: a varint with needless bytes, a flag that is
///             neither 0 nor 1 or a currency that is named twice is a fault.
/// Thread: one.

#include "base/result.hpp"
#include "domain/values/id128.hpp"
#include "domain/values/money.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace kontor::codec {

class BinaryReader {
public:
    explicit BinaryReader(std::span<std::uint8_t const> bytes)
        : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    bool ok() const { return fault_ == nullptr; }
    bool at_end() const { return at_ == end_; }
    std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }

    /// Keeps the first fault and goes to the end. `what` is a constant sentence.
    void fail(char const* what) {
        if (fault_ != nullptr)
            return;
        fault_ = what;
        offset_ = static_cast<std::size_t>(at_ - begin_);
        at_ = end_;
    }

    /// Shape: the fault with its offset, or nothing.   Errors: corrupt.
    Result<void> outcome() const;

    std::uint8_t byte() {
        if (at_ == end_) {
            fail("the bytes end inside a value");
            return 0;
        }
        return *at_++;
    }

    bool flag() {
        auto const value = byte();
        if (value > 1)
            fail("a flag is neither 0 nor 1");
        return value == 1;
    }

    std::uint64_t varint() {
        if (at_ != end_ && *at_ < 0x80) [[likely]]
            return *at_++;
        return long_varint();
    }

    std::int64_t zigzag() { return unfolded(varint()); }

    /// Fewer than `count` bytes left: a fault and an empty span.
    std::span<std::uint8_t const> bytes(std::uint64_t count) {
        if (count > remaining()) {
            fail("a length reaches beyond the end");
            return {};
        }
        std::span const taken(at_, static_cast<std::size_t>(count));
        at_ += count;
        return taken;
    }

    std::string_view text() {
        auto const taken = bytes(varint());
        return {reinterpret_cast<char const*>(taken.data()), taken.size()};
    }

    Id128 id() {
        auto const taken = bytes(16);
        return taken.empty() ? Id128{}
                             : Id128(big_endian(taken.data()), big_endian(taken.data() + 8));
    }

    Currency currency();
    Money money();

    /// How many items follow, each of at least `item_size_min` bytes: more than the rest can hold
    /// is a fault and none, so that no allocation outgrows the bytes that asked for it.
    std::size_t count(std::size_t item_size_min) {
        auto const items = varint();
        if (items > remaining() / item_size_min) {
            fail("a list is longer than the bytes that are left");
            return 0;
        }
        return static_cast<std::size_t>(items);
    }

private:
    static std::uint64_t big_endian(std::uint8_t const* at) {
        static_assert(std::endian::native == std::endian::little);
        std::uint64_t value = 0;
        std::memcpy(&value, at, sizeof value);
        return __builtin_bswap64(value);
    }

    static constexpr std::int64_t unfolded(std::uint64_t value) {
        return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
    }
    std::uint64_t long_varint();

    std::uint8_t const* begin_;
    std::uint8_t const* at_;
    std::uint8_t const* end_;
    char const* fault_{nullptr};
    std::size_t offset_{0};
    Currency currency_{};
};

} // namespace kontor::codec
