#pragma once

/// KeyKeeper: what the keys of persons must know of the log. It follows it, destroys the key of
/// whoever was erased, writes down whose keys became whose and by which address a customer is
/// found, and has keys made ahead of need. It
/// keeps nothing that the log does not say: a start, also on an older copy of the keys, begins
/// where they were last written, and erases again whom the log says to be erased.
///
/// Delivery: a key is destroyed at least once; the second time changes nothing.
/// Thread: one at a time.
///
/// Invariants: 1. A key is destroyed only for a fact that is durable.
///             2. What is written down as followed was followed.
/// Source: DOMAIN section 11; RELIABILITY section 6.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/sealing/sealed_value.hpp"
#include "ports/event_store.hpp"

namespace kontor::services {

class KeyKeeper final : public Agent {
public:
    /// All outlive it. `lineage` is the log's.
    KeyKeeper(ports::EventStore& store, sealing::PersonKeys& keys, Clock& clock, Id128 lineage)
        : store_(store), keys_(keys), clock_(clock), lineage_(lineage), opener_(keys) {}

    /// Reads the log from where the keys were last written down to its end. Call it once, before
    /// anybody seals.
    /// Errors: full, unavailable, corrupt, broken.
    Result<void> recover();

    std::string_view name() const override { return "keys"; }
    /// Errors: unavailable, corrupt, broken.
    Result<WorkDone> do_work(WorkBudget budget) override;

    ports::Position position() const { return position_; }
    /// Persons whose key is to be destroyed and is not yet.
    std::size_t waiting() const { return forgotten_.size(); }

private:
    Result<void> follow_to_the_end();
    Result<void> begin_to_mark();
    bool has_unwritten() const;
    Result<void> take_up(ports::EventPage const& page, ports::RecordedEvent const& event);
    Result<void> note_owner(ports::RecordedEvent const& event);
    Result<void> note_address(ports::EventPage const& page, ports::RecordedEvent const& event);
    Result<void> write_down();
    bool is_time_to_write() const;
    ports::KeyCheckpoint here() const { return {lineage_, position_}; }

    ports::EventStore& store_;
    sealing::PersonKeys& keys_;
    Clock& clock_;
    Id128 lineage_;
    sealing::Opener opener_;
    ports::Position position_{};
    ports::Position written_{};
    Duration written_at_{};
    std::size_t owners_{0}; ///< seen since the last writing, at a start
    bool is_starting_{false};
    bool marks_addresses_{false};
    std::vector<Id128> forgotten_{};
};

} // namespace kontor::services
