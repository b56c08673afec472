#include "adapters/memory/key_store.hpp"

#include "base/assert.hpp"

#include <utility>

namespace kontor::memory {

using ports::KeyNumber;
using ports::StoredKey;

Result<ports::KeyCheckpoint> KeyStore::checkpoint() {
    std::lock_guard const guard(mutex_);
    return checkpoint_;
}

Result<KeyNumber> KeyStore::add(std::span<ports::WrappedKey const> keys) {
    KONTOR_ASSERT(!keys.empty(), "no key is added");
    std::lock_guard const guard(mutex_);
    KeyNumber const first(keys_.empty() ? 1 : keys_.rbegin()->first.value() + 1);
    auto next = first.value();
    for (auto const& key : keys)
        keys_.emplace(KeyNumber(next++), Key{key, true});
    return first;
}

Result<std::vector<StoredKey>> KeyStore::free_keys(ports::Limit limit) {
    std::lock_guard const guard(mutex_);
    std::vector<StoredKey> found;
    for (auto const& [number, key] : keys_)
        if (key.is_free && found.size() < limit.value())
            found.push_back({number, key.wrapped});
    return found;
}

Result<std::optional<StoredKey>> KeyStore::find(Id128 person) {
    std::lock_guard const guard(mutex_);
    auto const owner = owners_.find(person);
    if (owner == owners_.end())
        return std::optional<StoredKey>();
    return std::optional(StoredKey{owner->second, keys_.at(owner->second).wrapped});
}

Result<std::optional<ports::WrappedKey>> KeyStore::read(KeyNumber number) {
    std::lock_guard const guard(mutex_);
    auto const found = keys_.find(number);
    return found == keys_.end() ? std::optional<ports::WrappedKey>() : found->second.wrapped;
}

void KeyStore::own(ports::KeyOwner const& owner) {
    auto& key = keys_.try_emplace(owner.number, Key{std::nullopt, false}).first->second;
    if (!std::exchange(key.is_free, false))
        return;
    auto const [known, is_new] = owners_.try_emplace(owner.person, owner.number);
    bool const is_forgotten = !is_new && !keys_.at(known->second).wrapped;
    if (!is_forgotten)
        known->second = owner.number;
}

void KeyStore::forget(Id128 person) {
    addresses_.erase(person);
    auto const owner = owners_.find(person);
    if (owner != owners_.end()) {
        keys_.at(owner->second).wrapped.reset();
        return;
    }
    KeyNumber const next(keys_.empty() ? 1 : keys_.rbegin()->first.value() + 1);
    keys_.emplace(next, Key{std::nullopt, false});
    owners_.emplace(person, next);
}

Result<std::vector<Id128>> KeyStore::owners_of(ports::AddressMark const& mark, ports::Limit limit) {
    std::lock_guard const guard(mutex_);
    std::vector<Id128> found;
    for (auto const& [person, address] : addresses_)
        if (address == mark && found.size() < limit.value())
            found.push_back(person);
    return found;
}

Result<void> KeyStore::record(ports::KeyChanges const& changes) {
    std::lock_guard const guard(mutex_);
    for (auto const& owner : changes.owners)
        own(owner);
    for (auto const& [person, mark] : changes.addresses)
        addresses_[person] = mark;
    for (auto const& person : changes.forgotten)
        forget(person);
    checkpoint_ = changes.up_to;
    return {};
}

Result<void> KeyStore::rewrap(WrapAnew const& wrap_anew) {
    std::lock_guard const guard(mutex_);
    auto anew = keys_;
    for (auto& [number, key] : anew)
        if (key.wrapped) {
            KONTOR_TRY(key.wrapped, wrap_anew(*key.wrapped));
        }
    keys_ = std::move(anew);
    return {};
}

} // namespace kontor::memory
