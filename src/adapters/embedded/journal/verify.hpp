#pragma once

/// verify: reads every frame of a journal, sealed segments included, and checks chain, checksums,
/// padding and the form of each record; and, where it is asked to, all that is made of the log:
/// indexes against what the segments hold, filters and checkpoints. It changes nothing. For a store
/// that nobody has open.

#include "ports/disk.hpp"
#include "ports/event_page.hpp"

#include <functional>
#include <string>
#include <vector>

namespace kontor::journal {

/// What does not check and costs nothing: it is derived from the log, or says nothing that the log
/// does not say.
struct Damage {
    std::string place; ///< file and offset
    std::string what;
    std::string remedy;
};

struct VerifyReport {
    std::uint64_t segments{0};
    std::uint64_t frames{0};
    std::uint64_t appends{0};
    std::uint64_t padding_bytes{0};
    ports::Position last{};
    Id128 lineage{}; ///< of the last frame
    bool was_closed{false};
    std::uint64_t torn_bytes{0}; ///< behind the last frame; the next start will cut them
    std::vector<Damage> damages{};
};

struct VerifyOptions {
    /// Called before each segment with its number and how many there are.
    std::function<void(std::size_t number, std::size_t of)> on_segment{};
    /// Shown every event in the sequence of the log; what it says no with ends the reading.
    std::function<Result<void>(ports::RecordedEvent const& event)> on_event{};
    /// Whether what is made of the log is checked, too.
    bool looks_at_derived{false};
};

/// Errors:   corrupt (with position, file and offset), unsupported, unavailable, those of on_event.
Result<VerifyReport> verify(ports::Disk& disk, VerifyOptions const& options);
/// The log alone.   Errors:   as above.
Result<VerifyReport>
verify(ports::Disk& disk,
       std::function<void(std::size_t number, std::size_t of)> const& on_segment);

} // namespace kontor::journal
