#include "codec/fact_laws.hpp"

#include <rapidcheck.h>

namespace kontor::codec {

bool law_holds(std::string const& name,
               std::function<std::string(std::uint64_t seed, std::size_t size)> const& law) {
    return rc::check(name, [&](std::uint64_t seed) {
        constexpr std::size_t size_end = 6;
        auto const size = *rc::gen::inRange<std::size_t>(0, size_end);
        auto const broken = law(seed, size);
        if (!broken.empty())
            RC_FAIL(broken);
    });
}

std::vector<std::uint8_t> mutate(std::vector<std::uint8_t> bytes, std::uint64_t seed) {
    Random random(seed);
    if (bytes.empty())
        return bytes;
    bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
    if (random.chance(1, 2))
        bytes.resize(bytes.size() - random.below(bytes.size() / 2 + 1));
    return bytes;
}

std::vector<std::uint8_t> noise(std::uint64_t seed) {
    constexpr std::size_t length_end = 200;
    Random random(seed);
    std::vector<std::uint8_t> bytes(random.below(length_end));
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random.chance(1, 2) ? random.below(4) : random.next());
    return bytes;
}

} // namespace kontor::codec
