#pragma once

/// Buffer: bytes of a connection that were read and not yet used. An empty one holds no memory
/// after `shrink`. It counts what all buffers of an edge hold together.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace kontor::http {

class Buffer {
public:
    /// `total` counts the capacity of all buffers that share it, and outlives this one.
    explicit Buffer(std::size_t& total) : total_(&total) {}
    ~Buffer() { release(); }
    Buffer(Buffer const&) = delete;
    Buffer& operator=(Buffer const&) = delete;

    char* begin() { return bytes_.get(); }
    std::size_t size() const { return size_; }
    std::span<char> from(std::size_t at) { return {bytes_.get() + at, size_ - at}; }

    /// May move all bytes.
    void append(std::string_view bytes);

    /// Forgets [at, at + count); what stands behind moves up.
    void erase(std::size_t at, std::size_t count);

    /// Gives memory back when nothing is held.
    void shrink() {
        if (size_ == 0)
            release();
    }

private:
    void release();

    std::unique_ptr<char[]> bytes_;
    std::size_t size_{0};
    std::size_t capacity_{0};
    std::size_t* total_;
};

} // namespace kontor::http
