#include "bench/gate/scenario.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <gnu/libc-version.h>
#include <new>
#include <string_view>

namespace {

std::uint64_t allocated = 0; // one thread only: that is what the scenarios promise
std::uint64_t allocated_while_measured = 0;

void* allocate(std::size_t bytes, std::size_t alignment) {
    ++allocated;
    auto* const memory =
        alignment == 0 ? std::malloc(bytes)
                       : std::aligned_alloc(alignment, (bytes + alignment - 1) & ~(alignment - 1));
    if (memory == nullptr)
        std::abort();
    return memory;
}

} // namespace

void* operator new(std::size_t bytes) {
    return allocate(bytes, 0);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace kontor::bench {

[[gnu::noinline]] void measured(std::function<void()> const& work) {
    auto const before = allocated;
    work();
    allocated_while_measured = allocated - before;
}

Counts& counts() {
    static Counts all;
    return all;
}

} // namespace kontor::bench

int main(int argc, char** argv) {
    auto all = kontor::bench::codec_scenarios();
    all.merge(kontor::bench::journal_scenarios());
    all.merge(kontor::bench::shop_scenarios());
    std::string_view const wanted = argc == 2 ? argv[1] : "";
    if (wanted == "--list") {
        for (auto const& [name, scenario] : all)
            fmt::print("{}\n", name);
        return EXIT_SUCCESS;
    }
    if (wanted == "--built-with") {
        fmt::print("g++ {}.{}.{}, libstdc++ {}, glibc {}\n", __GNUC__, __GNUC_MINOR__,
                   __GNUC_PATCHLEVEL__, __GLIBCXX__, gnu_get_libc_version());
        return EXIT_SUCCESS;
    }
    auto const found = all.find(std::string(wanted));
    if (found == all.end()) {
        fmt::print(stderr, "kontor_gate SCENARIO, --list or --built-with\n");
        return 2;
    }
    auto const operations = found->second();
    auto const& counts = kontor::bench::counts();
    fmt::print("{{\"operations\": {}, \"allocations\": {}, \"disk_writes\": {}, "
               "\"desk_reads\": {}}}\n",
               operations, allocated_while_measured, counts.disk_writes, counts.desk_reads);
    return EXIT_SUCCESS;
}
