#pragma once

/// A number by chance, for dice that nobody guesses.

#include "ports/secret_source.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace kontor::hosting {

inline std::uint64_t draw(ports::SecretSource& secrets) {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    secrets.fill(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), bytes.size());
    return number;
}

} // namespace kontor::hosting
