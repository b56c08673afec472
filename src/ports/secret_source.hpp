#pragma once

/// SecretSource: bytes that nobody can guess: from the operating system's generator, or in a test
/// from a seed.   Thread: any; calls may overlap.

#include <cstdint>
#include <span>

namespace kontor::ports {

class SecretSource {
public:
    virtual ~SecretSource() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

} // namespace kontor::ports
