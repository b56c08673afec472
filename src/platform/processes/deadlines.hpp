#pragma once

/// Deadlines<Key>: for each key the instant it waits for, earliest first. What is waited for is
/// derived from facts, so this holds nothing that the log does not; after a restart it is filled
/// again. Thread: one.
///
/// Invariants: 1. A key has at most one deadline; setting another replaces it.
///             2. Memory grows with the keys that wait, not with how often their deadlines changed:
///             at most half of the
///                heap is outdated entries.

#include "base/instant.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace kontor::processes {

template <class Key>
class Deadlines {
public:
    void set(Key const& key, Instant at) {
        auto const [found, fresh] = current_.try_emplace(key, at);
        if (!fresh && found->second == at)
            return;
        found->second = at;
        heap_.push_back({at, key});
        std::push_heap(heap_.begin(), heap_.end(), later);
        drop_outdated();
    }

    void clear(Key const& key) {
        current_.erase(key);
        drop_outdated();
    }

    /// The key whose deadline was reached longest ago, which then waits no more; of equal instants
    /// the smaller key.
    std::optional<Key> take_reached(Instant now) {
        while (!heap_.empty() && heap_.front().at <= now) {
            auto const entry = pop();
            auto const found = current_.find(entry.key);
            if (found == current_.end() || found->second != entry.at)
                continue;
            current_.erase(found);
            return entry.key;
        }
        return std::nullopt;
    }

    /// The earliest instant anybody waits for, so that a clock may jump to it.
    std::optional<Instant> next() {
        while (!heap_.empty()) {
            auto const found = current_.find(heap_.front().key);
            if (found != current_.end() && found->second == heap_.front().at)
                return heap_.front().at;
            pop();
        }
        return std::nullopt;
    }

    std::size_t size() const { return current_.size(); }

private:
    struct Entry {
        Instant at;
        Key key;
    };

    static bool later(Entry const& a, Entry const& b) {
        return b.at < a.at || (b.at == a.at && b.key < a.key);
    }

    Entry pop() {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        auto const entry = heap_.back();
        heap_.pop_back();
        return entry;
    }

    void drop_outdated() {
        constexpr std::size_t worth_it = 64;
        if (heap_.size() <= 2 * current_.size() + worth_it)
            return;
        heap_.clear();
        for (auto const& [key, at] : current_)
            heap_.push_back({at, key});
        std::make_heap(heap_.begin(), heap_.end(), later);
    }

    boost::unordered_flat_map<Key, Instant, std::hash<Key>> current_;
    std::vector<Entry> heap_;
};

} // namespace kontor::processes
