#pragma once

/// PersonKeys: the key of each person, at hand. Keys are made ahead and durable before one is used,
/// so a crash loses none; whose a key became is written down later, for the log says it too: the
/// first bytes of a sealed value name its key, and the fact names the person.
///
/// Thread:   any: the desk takes keys, the edge and followers look for them, one follower records.
/// Invariants: 1. No key is used that is not durable.
///             2. Once `forget` has returned, the key is neither in the store nor in here.
///             3. What is known is bounded (limits.hpp).
/// Source:   RELIABILITY sections 6 and 10.

#include "platform/sealing/gcm.hpp"
#include "platform/sealing/limits.hpp"
#include "platform/sealing/recent.hpp"
#include "ports/key_store.hpp"
#include "ports/secret_source.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace kontor::sealing {

/// Whether somebody may have a key already.
enum class Seen : std::uint8_t {
    perhaps,
    never ///< the fact to be sealed is the first there is: the store need not be asked
};

struct NumberedKey {
    ports::KeyNumber number;
    Key key;
};

/// Opens wrapped keys and nothing else. In a file it is 64 hexadecimal digits.
/// Errors: invalid.
Result<Key> parse_master_key(std::string_view text);
std::string master_key_text(Key const& master);

/// Wraps all keys of a store, which nobody else has open, by another master key.
/// Errors: invalid (they are wrapped by a third one), full, unavailable, corrupt, broken.
Result<void> change_master_key(ports::KeyStore& store, Key const& from, Key const& to,
                               ports::SecretSource& secrets);

class PersonKeys {
public:
    /// The others outlive it.
    /// Errors: invalid (the keys are wrapped by another master key), unavailable, corrupt.
    static Result<std::unique_ptr<PersonKeys>> open(ports::KeyStore& store, Key const& master,
                                                    ports::SecretSource& secrets);

    /// The key of a person, who gets one if there is none. Empty: the person is forgotten.
    /// Errors: full, unavailable, corrupt, broken.
    Result<std::optional<NumberedKey>> of(Id128 person, Seen seen = Seen::perhaps);

    /// Empty: it was destroyed, or another store had it.
    /// Errors: unavailable, corrupt.
    Result<std::optional<Key>> find(ports::KeyNumber number);

    /// Makes keys until there are enough ahead.
    /// Errors: full, unavailable, corrupt, broken.
    Result<void> keep_ahead();

    /// Whether there is the key that marks addresses.   Errors: unavailable, corrupt.
    Result<bool> can_mark();
    /// The mark of an address, by a key that this store keeps for nothing else and makes the first
    /// time, which must be once the log was followed: only then is known which numbers are free.
    /// Errors: full, unavailable, corrupt, broken.
    Result<ports::AddressMark> mark_of(std::string_view address);

    /// Persons who may be reached there, as far as the log was followed.   Errors: unavailable,
    /// corrupt.
    Result<std::vector<Id128>> owners_of(ports::AddressMark const& mark, ports::Limit limit);

    /// The log says where a person is reached. The next record writes it down.
    /// Thread: the follower's.
    void note_address(ports::AddressOwner const& owner);

    /// Writes down whose keys became whose, and how far the log was followed. Everything in the log
    /// up to there was sealed before the call.
    /// Errors: full, unavailable, corrupt, broken.   Thread: one, the follower's.
    Result<void> record(ports::KeyCheckpoint const& up_to);

    /// Destroys the keys of persons, durably.
    /// Errors: as record.   Thread: the follower's.   Retry: safe.
    Result<void> forget(std::vector<Id128> const& persons, ports::KeyCheckpoint const& up_to);

    /// The log says whose a key became; for a start, before anybody takes one. The next record
    /// writes it down.
    void remember(ports::KeyOwner const& owner);

    /// Errors: unavailable, corrupt.
    Result<ports::KeyCheckpoint> checkpoint() { return store_.checkpoint(); }
    std::size_t unwritten() const;
    /// Addresses that were noted and are not written down.
    std::size_t unwritten_addresses() const;

private:
    using Owners = boost::unordered_flat_map<Id128, ports::KeyNumber, std::hash<Id128>>;

    PersonKeys(ports::KeyStore& store, Key const& master, ports::SecretSource& secrets)
        : store_(store), secrets_(secrets), master_(master) {}

    Result<void> read_ahead();
    Result<std::vector<NumberedKey>> make_block();
    std::optional<ports::KeyNumber> number_at_hand(Id128 person);
    Result<std::optional<NumberedKey>> known(ports::KeyNumber number);
    Result<Key> address_key();
    Result<std::optional<Key>> find_locked(ports::KeyNumber number);
    Result<NumberedKey> take_one();
    Result<void> make_room();
    Result<void> write(std::vector<Id128> const& persons, ports::KeyCheckpoint const& up_to);

    ports::KeyStore& store_;
    ports::SecretSource& secrets_;
    Key master_;

    mutable std::mutex mutex_; ///< guards what follows
    Gcm gcm_;
    std::vector<NumberedKey> ahead_{};
    Owners unwritten_{}; ///< keys that became somebody's since the last record
    Owners writing_{};   ///< those that a record is about to write
    std::vector<ports::KeyOwner> remembered_{};
    std::map<Id128, ports::AddressMark> addresses_{}; ///< that no record has written down
    std::optional<Key> address_key_{};
    Recent<Id128, ports::KeyNumber> owners_{known_owners_max};
    Recent<ports::KeyNumber, Key> open_{open_keys_max};
    ports::KeyCheckpoint written_to_{};
};

} // namespace kontor::sealing
