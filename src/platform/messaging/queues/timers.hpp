#pragma once

/// Timers: which record's time comes first. A binary heap in which every record knows its place, so
/// that one whose time no longer matters leaves at once.   Cost: O(log n).   Thread: one.

#include "platform/messaging/queues/record.hpp"

#include <vector>

namespace kontor::queues {

class Timers {
public:
    bool empty() const { return heap_.empty(); }
    /// Whose `until` is earliest; of several the lowest number.   Requires: !empty().
    Record& first() const { return *heap_.front(); }
    /// By its `until`.   Requires: it is not in.
    void add(Record& record);
    /// It may be in or not.
    void remove(Record& record);

private:
    static bool is_before(Record const& one, Record const& other) {
        return one.until != other.until ? one.until < other.until : one.sequence < other.sequence;
    }
    void put(std::size_t at, Record* record) {
        heap_[at] = record;
        record->timer_at = static_cast<std::uint32_t>(at + 1);
    }
    void rise(std::size_t at);
    void sink(std::size_t at);

    std::vector<Record*> heap_; ///< the record at i has timer_at i + 1
};

} // namespace kontor::queues
