#include "base/random.hpp"

#include "base/assert.hpp"

#include <bit>

namespace kontor {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15ULL;
    auto z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

} // namespace

Random::Random(std::uint64_t seed) : seed_(seed), state_{} {
    for (auto& word : state_)
        word = splitmix64(seed);
}

std::uint64_t Random::next() {
    auto const result = std::rotl(state_[1] * 5, 7) * 9;
    auto const shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
    KONTOR_ASSERT(bound > 0, "below(0) has no answer");
    // Values under 2^64 mod bound would make the low results likelier: draw again.
    auto const threshold = (0 - bound) % bound;
    for (;;) {
        auto const drawn = next();
        if (drawn >= threshold)
            return drawn % bound;
    }
}

std::int64_t Random::between(std::int64_t first, std::int64_t last) {
    KONTOR_ASSERT(first <= last, "between({}, {}) is empty", first, last);
    auto const span = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first) + 1;
    auto const offset = span == 0 ? next() : below(span);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(first) + offset);
}

Random Random::fork(std::string_view name) const {
    // FNV-1a over the name, then mixed with the seed by the constructor.
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ seed_;
    for (char const c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return Random(hash);
}

} // namespace kontor
