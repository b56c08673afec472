#pragma once

/// Faults: where the simulator may force the rare, and where code reports that the rare was
/// reached.
///
/// A module declares its own faults and marks in a small header beside the code (`faults.hpp`):
///   inline constexpr Fault journal_flush_early{"journal.flush_early"};
///   inline constexpr Mark journal_tail_cut{"journal.tail_cut"};
/// Compiled in always, inert outside the simulator; banned in `domain` and in loops over events.

#include <string_view>

namespace kontor {

/// A rare thing that a seed can force: a tiny batch, an early timeout, a full inbox.
struct Fault {
    std::string_view name;
};

/// A rare state that a campaign must have seen at least once.
struct Mark {
    std::string_view name;
};

class Faults {
public:
    virtual ~Faults() = default;

    /// True when this run wants the fault to happen here and now.   Thread: the caller's own.
    virtual bool at(Fault const& fault) = 0;

    /// Counts a rare state.   Thread: any.
    virtual void reached(Mark const& mark) = 0;
};

/// What programs outside the simulator use: no fault ever happens, marks are not counted.
class NoFaults final : public Faults {
public:
    bool at(Fault const&) override { return false; }
    void reached(Mark const&) override {}
};

} // namespace kontor
