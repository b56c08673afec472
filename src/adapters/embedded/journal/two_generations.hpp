#pragma once

/// TwoGenerations<Key, Value>: a bounded table that forgets what was not touched for long, without
/// a list and without a pause: what is found in the old half moves to the young one, and the old
/// half is dropped as a whole.

#include <boost/unordered/unordered_flat_map.hpp>

namespace kontor::journal {

template <class Key, class Value>
class TwoGenerations {
public:
    /// Null: not here. The pointer holds until the next insertion beyond what was reserved.
    Value* find(Key const& key) {
        if (auto const found = young_.find(key); found != young_.end())
            return &found->second;
        if (old_.empty())
            return nullptr;
        auto const found = old_.find(key);
        if (found == old_.end())
            return nullptr;
        return &young_.insert_or_assign(key, found->second).first->second;
    }
    Value& insert(Key const& key, Value const& value) {
        return young_.insert_or_assign(key, value).first->second;
    }
    /// Keeps pointers valid over the next `more` insertions and finds.
    void reserve(std::size_t more) {
        if (young_.size() + more > young_.max_load())
            young_.reserve(std::max(young_.size() + more, 2 * young_.size()));
    }
    std::size_t young_size() const { return young_.size(); }
    /// Forgets the old half; the young one is the old one now.
    void age() {
        old_.swap(young_);
        young_.clear();
    }
    void clear() {
        old_.clear();
        young_.clear();
    }

private:
    boost::unordered_flat_map<Key, Value, std::hash<Key>> young_;
    boost::unordered_flat_map<Key, Value, std::hash<Key>> old_;
};

} // namespace kontor::journal
