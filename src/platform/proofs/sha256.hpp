#pragma once

/// SHA-256 in pieces, over OpenSSL.   Source: FIPS 180-4.   Thread: one at a time.

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace kontor::proofs {

using Hash = std::array<std::uint8_t, 32>;
using Bytes = std::span<std::uint8_t const>;

class Sha256 {
public:
    Sha256();
    ~Sha256();

    void begin();
    void add(Bytes bytes);
    void add(std::uint8_t byte) { add(Bytes(&byte, 1)); }
    Hash end();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

} // namespace kontor::proofs
