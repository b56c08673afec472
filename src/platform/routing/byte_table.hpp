#pragma once

/// ByteTable: a flat table from byte strings to lists of numbers, made once and read ever after.
/// Thread: any.

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::routing {

/// Eight bytes at a time; for tables in memory, never stored.
inline std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) {
    constexpr std::uint64_t factor = 0x9E3779B97F4A7C15;
    auto const load = [](char const* at, std::size_t count) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, count);
        return word;
    };
    auto const mix = [](std::uint64_t hash, std::uint64_t word) {
        hash = (hash ^ word) * factor;
        return hash ^ hash >> 32;
    };
    char const* at = bytes.data();
    auto rest = bytes.size();
    auto hash = seed ^ rest * factor;
    for (; rest > 8; rest -= 8, at += 8)
        hash = mix(hash, load(at, 8));
    if (rest == 8)
        return mix(hash, load(at, 8));
    if (rest >= 4)
        return mix(hash, load(at, 4) | load(at + rest - 4, 4) << 32);
    if (rest > 0)
        return mix(hash, static_cast<unsigned char>(at[0]) |
                             std::uint64_t{static_cast<unsigned char>(at[rest / 2])} << 8 |
                             std::uint64_t{static_cast<unsigned char>(at[rest - 1])} << 16);
    return mix(hash, 0);
}

/// Whether two runs of bytes are the same; for short ones, without a call.
inline bool are_same_bytes(char const* a, char const* b, std::size_t size) {
    auto const differ = [](char const* x, char const* y, auto word) {
        auto other = word;
        std::memcpy(&word, x, sizeof word);
        std::memcpy(&other, y, sizeof other);
        return word != other;
    };
    if (size > 16)
        return std::memcmp(a, b, size) == 0;
    if (size >= 8)
        return !differ(a, b, std::uint64_t{}) &&
               !differ(a + size - 8, b + size - 8, std::uint64_t{});
    if (size >= 4)
        return !differ(a, b, std::uint32_t{}) &&
               !differ(a + size - 4, b + size - 4, std::uint32_t{});
    return size == 0 || (a[0] == b[0] && a[size / 2] == b[size / 2] && a[size - 1] == b[size - 1]);
}

class ByteTable {
public:
    struct Entry {
        std::string key;
        std::uint32_t value;
    };

    ByteTable() = default;
    /// The values of a key stay in their sequence, and a key has none twice.
    explicit ByteTable(std::vector<Entry> entries);

    bool empty() const { return slots_.empty(); }

    std::span<std::uint32_t const> find(std::string_view key) const {
        return find(key, hash_bytes(key));
    }

    std::span<std::uint32_t const> find(std::string_view key, std::uint64_t hash) const {
        auto const tag = static_cast<std::uint32_t>(hash >> 32);
        for (auto i = hash & mask_;; i = (i + 1) & mask_) {
            auto const& slot = slots_[i];
            if (slot.count == 0)
                return {};
            if (slot.tag == tag && slot.key_size == key.size() &&
                are_same_bytes(keys_.data() + slot.key_begin, key.data(), key.size()))
                return {slot.count == 1 ? &slot.values : values_.data() + slot.values, slot.count};
        }
    }

    /// Bytes that it holds.
    std::size_t memory() const;

private:
    struct Slot {
        std::uint32_t tag;
        std::uint32_t key_begin;
        std::uint32_t key_size;
        std::uint32_t values; ///< the only one, or where they begin
        std::uint32_t count;  ///< 0: an empty slot, for a key has at least one value
    };

    void insert(std::string_view key, std::span<std::uint32_t const> values);

    std::vector<Slot> slots_;
    std::uint64_t mask_{0};
    std::string keys_;
    std::vector<std::uint32_t> values_;
};

} // namespace kontor::routing
