#pragma once

/// Blackbox: what each agent has in hand, in memory that outlives the process, and what was in hand
/// when processes before this one ended without closing.
///
///   in hand at an unclean end → suspect (1 end, 2 ends) → quarantined (3 ends) → released
///   handled after all → no suspect any more
///
/// Nobody syncs the memory: it outlives a crash of the process, which is what poison causes. Where
/// the machine itself was started anew in between, what was in hand is nobody's fault and is not
/// counted. Memory that holds no box, or one of another release, begins empty.
///
/// Thread: each hand one; everything else any.
/// Invariants: 1. Only what was in hand at an unclean end is ever a suspect.
///             2. A suspect that was handled is none any more.

#include "platform/blackbox/limits.hpp"

#include "base/instant.hpp"
#include "ports/hand.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::blackbox {

struct Suspect {
    std::string agent;
    Id128 what;
    std::uint32_t ends;
    Instant last_end; ///< when a start found it
    bool is_quarantined() const { return ends >= ends_max; }
};

class Blackbox {
public:
    /// Memory that a box needs, aligned to 64 bytes.
    static std::size_t bytes();

    /// Takes what is in the memory as the end of the process before. The memory outlives the box.
    /// `machine_start` tells this start of the machine from others.
    Blackbox(std::span<std::byte> memory, std::string_view machine_start, Instant now);
    ~Blackbox();

    /// An agent's own, by its name. Before the agent runs.
    ports::Hand& hand(std::string_view agent);

    /// In no particular sequence.
    std::vector<Suspect> suspects() const;
    /// It may be handled again; false: it was no suspect.
    bool release(Id128 what) { return forgive(what); }
    /// What was not handled because it is quarantined, since this box was made.
    std::uint64_t refused() const;

private:
    class AgentsHand;
    struct Box;
    void note(std::string_view agent, Id128 what, Instant now);
    bool is_quarantined(Id128 what);
    /// False: it was no suspect.
    bool forgive(Id128 what);

    Box& box_;
    std::vector<std::unique_ptr<AgentsHand>> hands_;
    mutable std::mutex mutex_; ///< of the suspects
};

} // namespace kontor::blackbox
