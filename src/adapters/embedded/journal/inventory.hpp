#pragma once

/// Inventory: which files of a journal a directory has, by their names alone. Files outlive what
/// they belong to: an index or a checkpoint shows that the next segment was there, and reserves
/// that the first one was. Where it is not, it was lost: nobody must take such a directory for an
/// empty one, or for a shorter log.
/// Source: RELIABILITY section 6.
///
/// Invariants: 1. Looking changes nothing.
///             2. A start that was cut off before the first segment had its name leaves at most
///                spares and half-made files, and counts as no journal.

#include "ports/disk.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kontor::journal {

struct Inventory {
    std::vector<std::uint64_t> segments;    ///< generations, ascending, whatever their form
    std::vector<std::uint64_t> squeezed;    ///< generations that have a squeezed file, ascending
    std::vector<std::uint64_t> twice;       ///< … and a raw one, too
    std::vector<std::uint64_t> checkpoints; ///< generations, ascending
    std::vector<std::string> spares;
    std::vector<std::string> reserves;
    std::vector<std::string> half_made;
    std::string last_merged;  ///< filter, the one of the highest last generation …
    std::uint64_t merged{0};  ///< … which is this
    std::string last_index;   ///< of the highest generation; empty: there is none
    std::uint64_t indexed{0}; ///< its generation
    bool is_scrubbed{false};  ///< sealed segments were read again
    std::string cut;          ///< a file with bytes that a crash left torn; empty: there is none
    std::string foreign;      ///< the first file that no journal makes; empty: there is none

    /// Whether a journal was ever begun here.
    bool is_begun() const;
};

/// Errors:   unavailable.
Result<Inventory> take_inventory(ports::Disk& disk);

/// What the segments of a journal take on their disk.
struct Measured {
    std::uint64_t raw{0};   ///< segments as they were written, the open one among them
    std::uint64_t dense{0}; ///< without their padding
    std::uint64_t cold{0};  ///< compressed as well
    std::uint64_t bytes{0}; ///< of the files of all
};
/// Errors:   corrupt (a squeezed file does not check), unsupported, unavailable.
Result<Measured> measure(ports::Disk& disk);

/// Errors:   corrupt (segments that were there are not; the first of them and the file that
///           shows it are named).
Result<void> check_nothing_is_missing(ports::Disk& disk, Inventory const& inventory);

} // namespace kontor::journal
