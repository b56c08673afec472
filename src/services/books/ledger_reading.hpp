#pragma once

/// LedgerReading: the books as they stood at some moment, read piece by piece, so that nobody who
/// asks for them keeps others waiting. One that is kept goes on where it stopped.
/// Thread: one.

#include "services/books/journal_entries.hpp"

#include <optional>

namespace kontor::services::books {

/// Up to where the books are read. Facts of later times may stand before earlier ones in the log;
/// each counts by its own time.
struct ReadUntil {
    ports::Position position{};
    std::optional<Instant> at{};
};

class LedgerReading {
public:
    /// The store outlives it.
    explicit LedgerReading(ports::EventStore& store) : store_(store), entries_(store) {}

    /// Takes at most `events_max` further facts.   True: everything up to there was read.
    /// Errors: corrupt, unsupported, unavailable.   Retry: with a new one.
    Result<bool> read_on(ReadUntil const& until, ports::Limit events_max);

    std::map<std::string, ledger::Balances> const& balances() const { return entries_.balances(); }

private:
    ports::EventStore& store_;
    JournalEntries entries_;
    ports::Position position_{};
};

} // namespace kontor::services::books
