#pragma once

/// Trace: everything that happened in a run, as one hash, and the last of it in words. Two runs of
/// one seed must give the same hash.   Thread: one.

#include "base/instant.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kontor::simulation {

class Trace {
public:
    /// `who` and `what` outlive the trace.
    void note(Instant now, std::string_view who, std::string_view what, std::uint64_t number);
    /// Mixes bytes into the hash.
    void mix(std::span<std::uint8_t const> bytes);
    void mix(std::uint64_t number);

    std::uint64_t hash() const { return hash_; }
    std::uint64_t length() const { return length_; }
    /// The last transitions, one a line.
    std::string last_lines() const;

private:
    static constexpr std::size_t kept = 50;
    struct Line {
        Instant at;
        std::string_view who;
        std::string_view what;
        std::uint64_t number{0};
    };

    std::array<Line, kept> lines_{};
    std::uint64_t length_{0};
    std::uint64_t hash_{0};
};

} // namespace kontor::simulation
