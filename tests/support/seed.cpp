#include "tests/support/seed.hpp"

#include <cstdlib>
#include <random>
#include <string_view>

#include <charconv>

namespace kontor::testing {
namespace {

std::uint64_t chosen_seed() {
    if (auto const* text = std::getenv("KONTOR_SEED")) {
        std::string_view const view(text);
        std::uint64_t seed = 0;
        if (std::from_chars(view.data(), view.data() + view.size(), seed).ec == std::errc{})
            return seed;
    }
    return std::random_device{}();
}

} // namespace

std::uint64_t seed() {
    static std::uint64_t const chosen = chosen_seed();
    return chosen;
}

} // namespace kontor::testing
