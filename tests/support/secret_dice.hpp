#pragma once

/// Secrets for tests: drawn from a seed, so that a run repeats them.

#include "base/random.hpp"
#include "ports/secret_source.hpp"

namespace kontor::testing {

class SecretDice final : public ports::SecretSource {
public:
    explicit SecretDice(std::uint64_t seed = 42) : random_(seed) {}

    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random_.below(256));
    }

private:
    Random random_;
};

} // namespace kontor::testing
