#pragma once

/// Little-endian numbers in bytes, checksums, and memory aligned to disk blocks.

#include "domain/values/id128.hpp"
#include "ports/disk.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>

namespace kontor::journal {

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they stand; a big-endian machine needs a swap here");

using Bytes = std::span<std::uint8_t const>;

template <class T>
void put(std::uint8_t* at, T value) {
    std::memcpy(at, &value, sizeof value);
}

template <class T>
T get(std::uint8_t const* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

inline void put_id(std::uint8_t* at, Id128 id) {
    auto const bytes = id.bytes();
    std::memcpy(at, bytes.data(), bytes.size());
}

inline Id128 get_id(std::uint8_t const* at) {
    return Id128::from_bytes(std::span<std::uint8_t const, 16>(at, 16));
}

/// XXH3-128 in its canonical form, big-endian.
using Hash128 = std::array<std::uint8_t, 16>;
Hash128 hash128(Bytes bytes, std::uint64_t seed = 0);
/// XXH3-64.
std::uint64_t hash64(Bytes bytes);

/// Whether all of them are zeros.
bool is_zero(Bytes bytes);

constexpr std::uint64_t round_up(std::uint64_t bytes) {
    return (bytes + ports::disk_block_bytes - 1) / ports::disk_block_bytes *
           ports::disk_block_bytes;
}
constexpr std::uint64_t round_down(std::uint64_t bytes) {
    return bytes / ports::disk_block_bytes * ports::disk_block_bytes;
}

struct FreeAligned {
    std::align_val_t alignment{ports::disk_block_bytes};
    void operator()(std::uint8_t* memory) const { ::operator delete(memory, alignment); }
};

/// Memory that a disk can write from. Not zeroed. Large pieces ask for large pages: a reader who
/// jumps about in the log spends more on finding pages than on reading them.
class Blocks {
public:
    Blocks() = default;
    explicit Blocks(std::size_t bytes);

    std::uint8_t* at(std::size_t offset) { return memory_.get() + offset; }
    std::uint8_t const* at(std::size_t offset) const { return memory_.get() + offset; }
    std::size_t size() const { return size_; }
    std::span<std::uint8_t> span(std::size_t offset, std::size_t bytes) {
        return {memory_.get() + offset, bytes};
    }
    Bytes span(std::size_t offset, std::size_t bytes) const {
        return {memory_.get() + offset, bytes};
    }

private:
    std::unique_ptr<std::uint8_t, FreeAligned> memory_;
    std::size_t size_{0};
};

} // namespace kontor::journal
