#pragma once

/// Frames: the newest frames of the log in memory, pending and durable, by number. The desk fills
/// the last one; the writer writes the oldest that is not durable; followers read what is durable.
///
/// Thread: guarded by the journal's mutex; the bytes of a record are written once and never change
/// while somebody reads them.
/// Invariants: 1. Numbers have no gap.
///             2. A chunk is used again only when no frame and no page needs it.

#include "adapters/embedded/journal/bytes.hpp"
#include "adapters/embedded/journal/fifo.hpp"
#include "adapters/embedded/journal/frame.hpp"

#include "base/small_vector.hpp"

#include <atomic>
#include <utility>
#include <vector>

namespace kontor::journal {

/// Memory that frames share. Counted by hand: it is free for other frames when only the window has
/// it, and lives on while pages point into it, even past the journal.
struct Chunk {
    explicit Chunk(std::size_t bytes) : memory(bytes) {}
    Blocks memory;
    std::uint32_t used{0};
    std::uint64_t pinned_by{0}; ///< the last page that pinned it; guarded by the mutex
    std::atomic<std::uint32_t> owners{0};
};

/// One owner of a chunk.
class ChunkRef {
public:
    ChunkRef() = default;
    explicit ChunkRef(Chunk* chunk) : chunk_(chunk) { hold(); }
    ChunkRef(ChunkRef const& other) : chunk_(other.chunk_) { hold(); }
    ChunkRef(ChunkRef&& other) noexcept : chunk_(std::exchange(other.chunk_, nullptr)) {}
    ChunkRef& operator=(ChunkRef other) noexcept {
        std::swap(chunk_, other.chunk_);
        return *this;
    }
    ~ChunkRef() { reset(); }

    void reset() {
        if (chunk_ != nullptr && chunk_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete chunk_;
        chunk_ = nullptr;
    }
    /// Nobody else has it.
    bool is_alone() const { return chunk_->owners.load(std::memory_order_acquire) == 1; }
    explicit operator bool() const { return chunk_ != nullptr; }
    Chunk* operator->() const { return chunk_; }

private:
    void hold() {
        if (chunk_ != nullptr)
            chunk_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    Chunk* chunk_{nullptr};
};

/// Keeps chunks as they are for as long as a page lives.
class Pins {
public:
    /// `number` is of this page alone.   Requires: the mutex.
    void begin(std::uint64_t number) { number_ = number; }
    void add(ChunkRef const& chunk) {
        if (std::exchange(chunk->pinned_by, number_) != number_)
            chunks_.push_back(chunk);
    }

private:
    std::uint64_t number_{0};
    SmallVector<ChunkRef, 16> chunks_;
};

struct FrameRef {
    ChunkRef chunk;              ///< null: no events, or only on disk
    std::uint32_t at{0};         ///< of its header in the chunk
    std::uint32_t length{0};     ///< of its body
    std::uint64_t generation{0}; ///< once it was written …
    std::uint64_t offset{0};     ///< … and where in the segment
    std::uint64_t first_position{0};
    std::uint64_t first_group{0};
    std::uint64_t last_append{0};
    std::uint32_t events{0};
    std::uint32_t appends{0};
    bool confirms_seal{false}; ///< it takes no appends

    std::uint8_t* bytes() const { return chunk->memory.at(at); }
    Bytes body() const { return {bytes() + frame_header_bytes, length}; }
};

class Frames {
public:
    Frames(std::uint64_t window_bytes, std::size_t chunk_bytes)
        : window_bytes_(window_bytes), chunk_bytes_(chunk_bytes) {}

    /// Begins again with the frame of this number as the next one.
    void begin_at(std::uint64_t number) {
        refs_ = Fifo<FrameRef>(number);
        in_memory_ = number;
    }

    std::uint64_t begin() const { return refs_.begin(); }
    std::uint64_t end() const { return refs_.end(); }
    bool holds(std::uint64_t number) const { return refs_.holds(number); }
    FrameRef& operator[](std::uint64_t number) { return refs_[number]; }
    FrameRef const& operator[](std::uint64_t number) const { return refs_[number]; }
    FrameRef& back() { return refs_.back(); }

    /// Begins a frame with room for `bytes` of body. Returns its number.
    std::uint64_t begin_frame(std::uint32_t bytes);
    /// Whether the last frame's body has room for `more` bytes.
    bool has_room(std::uint32_t more) const;
    /// Adds a frame that holds no memory.
    std::uint64_t push(FrameRef frame) { return refs_.push(std::move(frame)); }
    /// Moves the end of the used memory behind the last frame: it is closed.
    void close_last();

    /// Gives memory beyond the window back; frames up to `durable` only.
    void shrink(std::uint64_t durable);
    /// Drops frames without memory up to `indexed`.
    void drop_indexed(std::uint64_t indexed);

    /// The number of the frame that holds a position; the end, if none does.
    std::uint64_t find_position(std::uint64_t position) const;
    /// The number of the frame at a place on disk; the end, if none does.
    std::uint64_t find_place(std::uint64_t generation, std::uint64_t offset,
                             std::uint64_t durable) const;

private:
    struct ChunkUse {
        ChunkRef chunk;
        std::uint64_t last_frame{0};
    };
    ChunkRef take_chunk(std::size_t bytes);

    std::uint64_t window_bytes_;
    std::size_t chunk_bytes_;
    Fifo<FrameRef> refs_{1};
    std::uint64_t in_memory_{1}; ///< frames from this number on have their memory
    std::uint64_t bytes_{0};     ///< of all chunks that frames use
    Fifo<ChunkUse> uses_{1};     ///< oldest first; the last one is being filled
    std::vector<ChunkRef> spare_;
};

} // namespace kontor::journal
