#include "adapters/http/buffer.hpp"

#include <algorithm>
#include <cstring>

namespace kontor::http {

void Buffer::append(std::string_view bytes) {
    if (bytes.empty())
        return;
    if (size_ + bytes.size() > capacity_) {
        constexpr std::size_t capacity_min = 1024;
        auto const capacity = std::max({capacity_min, size_ + bytes.size(), capacity_ * 2});
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        if (size_ > 0)
            std::memcpy(larger.get(), bytes_.get(), size_);
        *total_ += capacity - capacity_;
        bytes_ = std::move(larger);
        capacity_ = capacity;
    }
    std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
}

void Buffer::erase(std::size_t at, std::size_t count) {
    if (at + count < size_ && count > 0)
        std::memmove(bytes_.get() + at, bytes_.get() + at + count, size_ - at - count);
    size_ -= count;
}

void Buffer::release() {
    *total_ -= capacity_;
    bytes_.reset();
    size_ = capacity_ = 0;
}

} // namespace kontor::http
