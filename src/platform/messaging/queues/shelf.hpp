#pragma once

/// Shelf: the records of a queue by sequence number. Numbers are given in a row, so finding one is
/// arithmetic; a stretch whose messages are all gone takes no room but a pointer, and none at the
/// front. Records stay where they are until they are gone.   Thread: one.

#include "platform/messaging/queues/record.hpp"

#include <array>
#include <deque>
#include <memory>

namespace kontor::queues {

class Shelf {
public:
    /// A new record with this number.   Requires: it has none.
    Record& add(std::uint64_t sequence);
    /// Null: gone, or never there.
    Record* find(std::uint64_t sequence);
    void remove(Record& record);
    /// The lowest number from `from` on that is there; null: none.
    Record* first_from(std::uint64_t from);
    Record* first();
    std::size_t size() const { return size_; }

private:
    static constexpr std::uint64_t chunk_size = 256;
    struct Chunk {
        std::array<Record, chunk_size> records{};
        std::size_t alive{0};
    };

    Chunk* chunk(std::uint64_t number) {
        return number < base_ || number - base_ >= chunks_.size()
                   ? nullptr
                   : chunks_[static_cast<std::size_t>(number - base_)].get();
    }
    std::unique_ptr<Chunk> take_spare();

    std::deque<std::unique_ptr<Chunk>> chunks_; ///< of the numbers base_ …; null: nothing there
    std::uint64_t base_{0};
    std::size_t size_{0};
    std::uint64_t low_{0};         ///< no lower number is there
    std::unique_ptr<Chunk> spare_; ///< the last one that became empty
};

} // namespace kontor::queues
