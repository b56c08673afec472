#pragma once

/// verify: reads every frame of a journal, sealed segments included, and checks chain, checksums,
/// padding and the form of each record. For a store that nobody has open.

#include "ports/disk.hpp"
#include "ports/positions.hpp"

#include <functional>

namespace kontor::journal {

struct VerifyReport {
    std::uint64_t segments{0};
    std::uint64_t frames{0};
    std::uint64_t appends{0};
    std::uint64_t padding_bytes{0};
    ports::Position last{};
    bool was_closed{false};
    std::uint64_t torn_bytes{0}; ///< behind the last frame; the next start will cut them
};

/// `on_segment` is called before each segment with its number and how many there are.
/// Errors:   corrupt (with position, file and offset), unsupported, unavailable.
Result<VerifyReport>
verify(ports::Disk& disk,
       std::function<void(std::size_t number, std::size_t of)> const& on_segment);

} // namespace kontor::journal
