#pragma once

/// JournalEntries: the log read as a journal of double entries. It holds the states of orders and
/// payments, because what a parcel is worth, and what a dispute was about, stands there. Whoever
/// begins in the midst of the log brings the store: what an order or payment was before is folded
/// from its own stream when it is first met, and no more than `states_max` of each are held.
/// Thread: one.   Source: DOMAIN section 6, Ledger.

#include "domain/ledger/ledger.hpp"
#include "ports/event_store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <map>
#include <vector>

namespace kontor::services::books {

/// What one fact posted, in the currency of its amounts.
struct JournalEntry {
    std::uint64_t position{0};
    Instant at{};
    StreamId stream{};
    std::string_view fact{}; ///< its stored name
    ledger::Postings postings{};
};

class JournalEntries {
public:
    /// States at hand of a journal that can fold them again; at the limit all are forgotten.
    static constexpr std::size_t states_max = 20'000;

    /// For a journal that is read from the first fact on.
    JournalEntries() = default;
    /// For one that is read from anywhere on. The store outlives it.
    explicit JournalEntries(ports::EventStore& store) : store_(&store) {}

    /// Takes the next fact of the log. Facts that move no money give no postings.
    /// Errors: corrupt, unsupported (the fact cannot be read); with a store also unavailable.
    Result<JournalEntry> see(ports::EventPage const& page, ports::RecordedEvent const& event);

    /// The balances of each currency, by its code.
    std::map<std::string, ledger::Balances> const& balances() const { return balances_; }

private:
    Result<ledger::Postings> posted(ports::RecordedEvent const& event);
    template <class Decider, class States, class Id>
    Result<ledger::Postings> post(States& states, Id id, ports::RecordedEvent const& event);

    ports::EventStore* store_{nullptr}; ///< none: every fact is seen
    boost::unordered_flat_map<OrderId, order::State, std::hash<OrderId>> orders_;
    boost::unordered_flat_map<PaymentId, payment::State, std::hash<PaymentId>> payments_;
    std::map<std::string, ledger::Balances> balances_;
};

} // namespace kontor::services::books
