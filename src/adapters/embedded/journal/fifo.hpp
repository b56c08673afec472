#pragma once

/// Fifo<T>: a queue whose items keep the number they got when they were pushed. Grows by doubling
/// and never shrinks, so that it allocates nothing at steady state.

#include "base/assert.hpp"

#include <cstdint>
#include <vector>

namespace kontor::journal {

template <class T>
class Fifo {
public:
    /// The first item will have the number `first`.
    explicit Fifo(std::uint64_t first) : begin_(first), end_(first), items_(64) {}

    std::uint64_t begin() const { return begin_; }
    std::uint64_t end() const { return end_; }
    bool empty() const { return begin_ == end_; }
    bool holds(std::uint64_t number) const { return number >= begin_ && number < end_; }

    T& operator[](std::uint64_t number) {
        KONTOR_ASSERT(holds(number), "item {} of {}..{}", number, begin_, end_);
        return items_[number & (items_.size() - 1)];
    }
    T const& operator[](std::uint64_t number) const { return const_cast<Fifo&>(*this)[number]; }
    /// Asks for the memory of an item, be it there or not.
    void fetch_ahead(std::uint64_t number) const {
        __builtin_prefetch(&items_[number & (items_.size() - 1)]);
    }
    T& back() { return (*this)[end_ - 1]; }

    std::uint64_t push(T item) {
        if (end_ - begin_ == items_.size())
            grow();
        items_[end_ & (items_.size() - 1)] = std::move(item);
        return end_++;
    }
    /// Drops all items before `number`.
    void drop_before(std::uint64_t number) {
        for (; begin_ < number && begin_ < end_; ++begin_)
            items_[begin_ & (items_.size() - 1)] = T{};
    }

private:
    void grow() {
        std::vector<T> larger(items_.size() * 2);
        for (auto number = begin_; number < end_; ++number)
            larger[number & (larger.size() - 1)] = std::move(items_[number & (items_.size() - 1)]);
        items_ = std::move(larger);
    }

    std::uint64_t begin_;
    std::uint64_t end_;
    std::vector<T> items_; ///< a power of two
};

} // namespace kontor::journal
