#include "base/assert.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace kontor {
namespace {
std::atomic<unsigned long long> defect_seed{0};
}

void set_defect_seed(unsigned long long seed) {
    defect_seed.store(seed, std::memory_order_relaxed);
}

void defect(char const* file, int line, char const* condition, fmt::string_view message,
            fmt::format_args values) {
    auto const text = fmt::vformat(message, values);
    fmt::print(stderr, "kontor: defect at {}:{}: {} [{}] seed {}\n", file, line, text, condition,
               defect_seed.load(std::memory_order_relaxed));
    std::fflush(stderr);
    std::abort();
}

} // namespace kontor
