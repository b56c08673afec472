#pragma once

/// TextArena: room for the texts that cells point to until their transaction is over.
/// Invariants: 1. Bytes stay where they are until `clear`.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace kontor::projections {

class TextArena {
public:
    std::span<char> room(std::size_t size) {
        if (size > left_)
            grow(size);
        auto* const begin = end_;
        end_ += size;
        left_ -= size;
        return {begin, size};
    }

    std::string_view keep(std::string_view text) {
        auto const kept = room(text.size());
        std::copy(text.begin(), text.end(), kept.begin());
        return {kept.data(), kept.size()};
    }

    /// Forgets all texts and keeps one block.
    void clear() {
        if (blocks_.size() > 1)
            blocks_.resize(1);
        end_ = blocks_.empty() ? nullptr : blocks_.front().get();
        left_ = blocks_.empty() ? 0 : block_bytes;
    }

private:
    static constexpr std::size_t block_bytes = std::size_t{256} * 1024;

    void grow(std::size_t size) {
        left_ = std::max(size, block_bytes);
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_));
        end_ = blocks_.back().get();
    }

    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t left_{0};
    char* end_{nullptr};
};

} // namespace kontor::projections
