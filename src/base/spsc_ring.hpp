#pragma once

/// SpscRing<T>: a bounded queue between exactly two threads, one that pushes and one that pops.
/// Nothing is allocated after construction. At the limit `try_push` says no, and the caller decides
/// what that means.
/// Source: E. Rigtorp's SPSCQueue: each side caches the other's index, so that
/// most calls touch one cache line.

#include "base/assert.hpp"

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace kontor {

template <class T>
class SpscRing {
public:
    /// Requires: capacity is a power of two.
    explicit SpscRing(std::size_t capacity) : slots_(capacity), mask_(capacity - 1) {
        KONTOR_ASSERT(std::has_single_bit(capacity), "a ring of {}", capacity);
    }

    /// True: the next push will be taken.   Thread: the pushing one.
    bool has_room() {
        auto const tail = tail_.load(std::memory_order_relaxed);
        if (tail - head_seen_ > mask_)
            head_seen_ = head_.load(std::memory_order_acquire);
        return tail - head_seen_ <= mask_;
    }

    /// False: full, and `value` is untouched.   Thread: the pushing one.
    bool try_push(T&& value) {
        if (!has_room())
            return false;
        auto const tail = tail_.load(std::memory_order_relaxed);
        slots_[tail & mask_] = std::move(value);
        tail_.store(tail + 1, std::memory_order_release);
        return true;
    }

    /// Empty: nothing there.   Thread: the popping one.
    std::optional<T> try_pop() {
        auto const head = head_.load(std::memory_order_relaxed);
        if (head == tail_seen_) {
            tail_seen_ = tail_.load(std::memory_order_acquire);
            if (head == tail_seen_)
                return std::nullopt;
        }
        std::optional<T> value(std::move(slots_[head & mask_]));
        head_.store(head + 1, std::memory_order_release);
        return value;
    }

    /// How many wait, as seen from either side a moment ago.
    std::size_t size_approx() const {
        return tail_.load(std::memory_order_acquire) - head_.load(std::memory_order_acquire);
    }

private:
    static constexpr std::size_t cache_line = 64;

    std::vector<T> slots_;
    std::size_t const mask_;
    alignas(cache_line) std::atomic<std::size_t> head_{0};
    alignas(cache_line) std::size_t tail_seen_{0};
    alignas(cache_line) std::atomic<std::size_t> tail_{0};
    alignas(cache_line) std::size_t head_seen_{0};
};

} // namespace kontor
