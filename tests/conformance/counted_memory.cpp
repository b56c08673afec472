#include "tests/conformance/counted_memory.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace kontor::testing {
namespace {

std::atomic<std::size_t> count{0};
std::atomic<std::size_t> bytes{0};

} // namespace

std::size_t allocations() {
    return count.load(std::memory_order_relaxed);
}

std::size_t allocated_bytes() {
    return bytes.load(std::memory_order_relaxed);
}

} // namespace kontor::testing

void* operator new(std::size_t size) {
    kontor::testing::count.fetch_add(1, std::memory_order_relaxed);
    kontor::testing::bytes.fetch_add(size, std::memory_order_relaxed);
    if (void* const memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    std::abort();
}

// The sanitizer has one of its own, whose memory the `delete` below would not know.
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
    return operator new(size);
}

void operator delete(void* memory) noexcept {
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
