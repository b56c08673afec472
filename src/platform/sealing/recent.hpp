#pragma once

/// Recent<Key, Value>: a map of at most `limit` entries that keeps what was used last. It has two
/// generations: what is found in the old one moves to the new one, and when the new one is full the
/// old one is dropped as a whole. No list to maintain on each look.   Thread: one at a time.

#include <boost/unordered/unordered_flat_map.hpp>

#include <functional>
#include <utility>

namespace kontor::sealing {

template <class Key, class Value>
class Recent {
public:
    explicit Recent(std::size_t limit) : half_(limit / 2) {}

    /// Null: it is not here. Stays where it is until the next call.
    Value const* find(Key const& key) {
        if (auto const found = new_.find(key); found != new_.end())
            return &found->second;
        auto const found = old_.find(key);
        if (found == old_.end())
            return nullptr;
        auto value = found->second;
        old_.erase(found);
        return put(key, std::move(value));
    }

    Value const* put(Key const& key, Value value) {
        if (new_.size() >= half_) {
            old_ = std::move(new_);
            new_.clear();
        }
        return &new_.insert_or_assign(key, std::move(value)).first->second;
    }

    void drop(Key const& key) {
        new_.erase(key);
        old_.erase(key);
    }

    std::size_t size() const { return new_.size() + old_.size(); }

private:
    using Map = boost::unordered_flat_map<Key, Value, std::hash<Key>>;
    std::size_t half_;
    Map new_{};
    Map old_{};
};

} // namespace kontor::sealing
