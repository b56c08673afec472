#pragma once

/// KeyStore: the keys that personal values are sealed by, one for each person, wrapped: whoever has
/// the store alone can open nothing. Keys are kept ahead of need, so that none is used that a crash
/// could lose; whose they became is written down behind the log, which says it as well.
///
/// A key is free, then somebody's, then destroyed. `record` writes all that happened up to a
/// position of a log, so that whoever starts reads the log from there and tells the store what it
/// missed.
///
/// Invariants: 1. What `add` and `record` returned from survives kill, crash and power cut on a
///                disk that honours flush.
///             2. A destroyed key is nowhere in the store's files any more, its person never gets
///                another, and no mark of an address is left of that one.
///             3. A number is given once.
/// Thread:   any; calls may overlap.
/// Source:   RELIABILITY section 6, key store.

#include "ports/positions.hpp"

#include "base/result.hpp"
#include "domain/values/id128.hpp"

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace kontor::ports {

/// Counts keys, from 1. Every sealed value names the one that opens it.
using KeyNumber = Strong<struct KeyNumberTag, std::uint32_t>;

/// A key of 32 bytes, sealed by the master key: nonce, key, tag.
using WrappedKey = std::array<std::uint8_t, 12 + 32 + 16>;

/// Empty: it was destroyed.
struct StoredKey {
    KeyNumber number;
    std::optional<WrappedKey> wrapped;
    friend bool operator==(StoredKey const&, StoredKey const&) = default;
};

/// Whose a key became. A person is a customer's id, or that of an order without a customer.
struct KeyOwner {
    KeyNumber number;
    Id128 person;
    friend bool operator==(KeyOwner const&, KeyOwner const&) = default;
};

/// A keyed digest of an e-mail address: by it alone nobody learns the address.
using AddressMark = std::array<std::uint8_t, 16>;

/// Where a person is reached now; what was noted before is gone.
struct AddressOwner {
    Id128 person;
    AddressMark mark;
    friend bool operator==(AddressOwner const&, AddressOwner const&) = default;
};

/// How far a log was followed.
struct KeyCheckpoint {
    Id128 lineage{}; ///< of the log; another one's position says nothing
    Position position{};
    friend bool operator==(KeyCheckpoint const&, KeyCheckpoint const&) = default;
};

struct KeyChanges {
    std::vector<KeyOwner> owners{};
    std::vector<Id128> forgotten{};
    KeyCheckpoint up_to{};
    std::vector<AddressOwner> addresses{};
};

class KeyStore {
public:
    virtual ~KeyStore() = default;

    /// How far `record` came; all zero: it never was called.
    /// Errors:   unavailable, corrupt.
    virtual Result<KeyCheckpoint> checkpoint() = 0;

    /// Keeps keys that are nobody's yet, under the numbers behind the highest ever given.
    /// Shape:    returns the number of the first.   Requires: not empty.
    /// Errors:   full, unavailable, corrupt, broken; then none is kept.
    virtual Result<KeyNumber> add(std::span<WrappedKey const> keys) = 0;

    /// The keys that are nobody's, at most `limit`, lowest numbers first.
    /// Errors:   unavailable, corrupt.
    virtual Result<std::vector<StoredKey>> free_keys(Limit limit) = 0;

    /// The key of a person; empty: there never was one. A forgotten person's is destroyed.
    /// Errors:   unavailable, corrupt.
    virtual Result<std::optional<StoredKey>> find(Id128 person) = 0;

    /// A key by its number; empty: destroyed, or not in this store.
    /// Errors:   unavailable, corrupt.
    virtual Result<std::optional<WrappedKey>> read(KeyNumber number) = 0;

    /// The persons whose address has this mark, in the sequence of their ids.
    /// Errors:   unavailable, corrupt.
    virtual Result<std::vector<Id128>> owners_of(AddressMark const& mark, Limit limit) = 0;

    /// Writes owners and addresses down, destroys the keys of the forgotten and the marks of their
    /// addresses, and moves the checkpoint, all or nothing. An owner who has a key and gets a free
    /// one has that from then on: the fact that the first one sealed was lost in a crash before it
    /// was durable. A number that this store does not hold is given to nobody from then on: another
    /// store, which is lost, gave it.
    /// Errors:   full, unavailable, corrupt, broken; then nothing is done.
    /// Retry:    safe.
    virtual Result<void> record(KeyChanges const& changes) = 0;

    /// Puts `wrap_anew(key)` in the place of every key that is not destroyed, all or nothing, and
    /// leaves nothing of the old ones in its files.
    /// Errors:   what `wrap_anew` says; full, unavailable, corrupt, broken; then nothing is done.
    using WrapAnew = std::function<Result<WrappedKey>(WrappedKey const&)>;
    virtual Result<void> rewrap(WrapAnew const& wrap_anew) = 0;
};

} // namespace kontor::ports
