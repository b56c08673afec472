#include "platform/sealing/person_keys.hpp"

#include "base/assert.hpp"
#include "platform/digests/digests.hpp"
#include "platform/sealing/address_mark.hpp"

#include <algorithm>
#include <utility>

namespace kontor::sealing {

using ports::KeyNumber;
using ports::WrappedKey;

namespace {

/// What a wrapped key is vouched for by: it can be taken for nothing else.
constexpr std::array<std::uint8_t, 10> beside_keys{'k', 'o', 'n', 't', 'o',
                                                   'r', ' ', 'k', 'e', 'y'};

constexpr std::string_view digits = "0123456789abcdef";

/// Whose key makes the marks of addresses: nobody's id.
constexpr Id128 everybody(~std::uint64_t{0}, ~std::uint64_t{0});

WrappedKey wrap(Gcm& gcm, Key const& master, Key const& key, ports::SecretSource& secrets) {
    Nonce nonce{};
    secrets.fill(nonce);
    std::vector<std::uint8_t> bytes(nonce.begin(), nonce.end());
    gcm.seal(master, nonce, beside_keys, key, bytes);
    WrappedKey wrapped{};
    KONTOR_ASSERT(bytes.size() == wrapped.size(), "a wrapped key of {} bytes", bytes.size());
    std::ranges::copy(bytes, wrapped.begin());
    return wrapped;
}

/// Errors: invalid (the master key does not open it).
Result<Key> unwrap(Gcm& gcm, Key const& master, WrappedKey const& wrapped) {
    Nonce nonce{};
    std::copy_n(wrapped.begin(), nonce.size(), nonce.begin());
    std::vector<std::uint8_t> clear;
    if (!gcm.open(master, nonce, beside_keys, std::span(wrapped).subspan(nonce.size()), clear) ||
        clear.size() != sizeof(Key))
        return unexpected(
            Failure{FailureKind::invalid, "the keys of persons are wrapped by another master key"});
    Key key{};
    std::ranges::copy(clear, key.begin());
    return key;
}

} // namespace

Result<void> change_master_key(ports::KeyStore& store, Key const& from, Key const& to,
                               ports::SecretSource& secrets) {
    Gcm gcm;
    return store.rewrap([&](WrappedKey const& wrapped) -> Result<WrappedKey> {
        KONTOR_TRY(auto const key, unwrap(gcm, from, wrapped));
        return wrap(gcm, to, key, secrets);
    });
}

Result<Key> parse_master_key(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    Key key{};
    bool is_good = text.size() == 2 * key.size();
    for (std::size_t i = 0; is_good && i < key.size(); ++i) {
        auto const high = digits.find(text[2 * i]);
        auto const low = digits.find(text[2 * i + 1]);
        is_good = high != std::string_view::npos && low != std::string_view::npos;
        key[i] = static_cast<std::uint8_t>((high << 4U) | (low & 15U));
    }
    if (!is_good)
        return unexpected(Failure{FailureKind::invalid,
                                  "a master key is 64 hexadecimal digits in small letters"});
    return key;
}

std::string master_key_text(Key const& master) {
    return digests::hex(master);
}

Result<std::unique_ptr<PersonKeys>> PersonKeys::open(ports::KeyStore& store, Key const& master,
                                                     ports::SecretSource& secrets) {
    std::unique_ptr<PersonKeys> keys(new PersonKeys(store, master, secrets));
    KONTOR_TRY(keys->written_to_, store.checkpoint());
    KONTOR_TRY(keys->read_ahead());
    return keys;
}

/// Errors: invalid (none opens), unavailable, corrupt.
Result<void> PersonKeys::read_ahead() {
    ahead_.clear();
    KONTOR_TRY(auto const stored, store_.free_keys(ports::Limit(keys_ahead_max)));
    for (auto const& key : stored) {
        KONTOR_ASSERT(key.wrapped, "key {} is free and destroyed", key.number.value());
        KONTOR_TRY(auto const opened, unwrap(gcm_, master_, *key.wrapped));
        ahead_.push_back({key.number, opened});
    }
    std::ranges::reverse(ahead_); // the lowest number is taken first
    return {};
}

/// Takes no lock: while it waits for the disk, keys are taken.
/// Errors: full, unavailable, corrupt, broken.
Result<std::vector<NumberedKey>> PersonKeys::make_block() {
    Gcm gcm;
    std::vector<NumberedKey> made(keys_block);
    std::vector<WrappedKey> wrapped;
    wrapped.reserve(made.size());
    for (auto& each : made) {
        secrets_.fill(each.key);
        wrapped.push_back(wrap(gcm, master_, each.key, secrets_));
    }
    KONTOR_TRY(auto const first, store_.add(wrapped));
    auto number = first.value();
    for (auto& each : made)
        each.number = KeyNumber(number++);
    std::ranges::reverse(made);
    return made;
}

Result<void> PersonKeys::keep_ahead() {
    for (;;) {
        {
            std::lock_guard const guard(mutex_);
            if (ahead_.size() > keys_ahead_max / 2)
                return {};
        }
        KONTOR_TRY(auto const made, make_block());
        std::lock_guard const guard(mutex_);
        ahead_.insert(ahead_.begin(), made.begin(), made.end());
    }
}

/// Errors: full, unavailable, corrupt, broken.
Result<NumberedKey> PersonKeys::take_one() {
    if (ahead_.empty()) {
        KONTOR_TRY(ahead_, make_block());
    }
    auto const taken = ahead_.back();
    ahead_.pop_back();
    return taken;
}

std::optional<KeyNumber> PersonKeys::number_at_hand(Id128 person) {
    for (auto const* owners : {&unwritten_, &writing_})
        if (auto const found = owners->find(person); found != owners->end())
            return found->second;
    auto const* const number = owners_.find(person);
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

Result<std::optional<NumberedKey>> PersonKeys::of(Id128 person, Seen seen) {
    std::lock_guard const guard(mutex_);
    if (auto const number = number_at_hand(person))
        return known(*number);
    std::optional<ports::StoredKey> stored;
    if (seen == Seen::perhaps) {
        KONTOR_TRY(stored, store_.find(person));
    }
    if (stored && !stored->wrapped)
        return std::optional<NumberedKey>();
    if (stored) {
        owners_.put(person, stored->number);
        return known(stored->number);
    }
    KONTOR_TRY(make_room());
    KONTOR_TRY(auto const taken, take_one());
    unwritten_.emplace(person, taken.number);
    open_.put(taken.number, taken.key);
    return std::optional(taken);
}

/// The follower is far behind: what it would write is written here, up to where it last was.
/// Errors: full, unavailable, corrupt, broken.
Result<void> PersonKeys::make_room() {
    if (unwritten_.size() < unwritten_owners_max)
        return {};
    ports::KeyChanges changes{{}, {}, written_to_};
    for (auto const& [person, number] : unwritten_)
        changes.owners.push_back({number, person});
    KONTOR_TRY(store_.record(changes));
    unwritten_.clear();
    return {};
}

/// Errors: unavailable, corrupt.
Result<std::optional<NumberedKey>> PersonKeys::known(KeyNumber number) {
    KONTOR_TRY(auto const key, find_locked(number));
    return key ? std::optional(NumberedKey{number, *key}) : std::nullopt;
}

Result<std::optional<Key>> PersonKeys::find(KeyNumber number) {
    std::lock_guard const guard(mutex_);
    return find_locked(number);
}

/// Errors: unavailable, corrupt.
Result<std::optional<Key>> PersonKeys::find_locked(KeyNumber number) {
    if (auto const* const key = open_.find(number))
        return std::optional(*key);
    KONTOR_TRY(auto const wrapped, store_.read(number));
    if (!wrapped)
        return std::optional<Key>();
    KONTOR_TRY(auto const key, unwrap(gcm_, master_, *wrapped));
    open_.put(number, key);
    return std::optional(key);
}

void PersonKeys::remember(ports::KeyOwner const& owner) {
    std::lock_guard const guard(mutex_);
    remembered_.push_back(owner);
}

/// Where there is none yet one is made, and nothing counts as followed any more: a crash before all
/// addresses are noted leads to a start that notes them.
/// Requires: the mutex is held.   Errors: full, unavailable, corrupt, broken.
Result<Key> PersonKeys::address_key() {
    KONTOR_TRY(auto const stored, store_.find(everybody));
    if (stored) {
        KONTOR_TRY(auto const kept, known(stored->number));
        if (!kept)
            return unexpected(
                Failure{FailureKind::corrupt, "the key that marks addresses was destroyed"});
        return kept->key;
    }
    KONTOR_TRY(auto const taken, take_one());
    written_to_.position = {};
    KONTOR_TRY(store_.record({{{taken.number, everybody}}, {}, written_to_}));
    return taken.key;
}

Result<bool> PersonKeys::can_mark() {
    std::lock_guard const guard(mutex_);
    if (address_key_)
        return true;
    KONTOR_TRY(auto const stored, store_.find(everybody));
    return stored.has_value();
}

Result<ports::AddressMark> PersonKeys::mark_of(std::string_view address) {
    std::lock_guard const guard(mutex_);
    if (!address_key_) {
        KONTOR_TRY(address_key_, address_key());
    }
    return sealing::mark_of(*address_key_, address);
}

Result<std::vector<Id128>> PersonKeys::owners_of(ports::AddressMark const& mark,
                                                 ports::Limit limit) {
    KONTOR_TRY(auto persons, store_.owners_of(mark, limit));
    std::lock_guard const guard(mutex_);
    for (auto const& [person, address] : addresses_)
        if (address == mark && std::ranges::find(persons, person) == persons.end())
            persons.push_back(person);
    return persons;
}

void PersonKeys::note_address(ports::AddressOwner const& owner) {
    std::lock_guard const guard(mutex_);
    addresses_[owner.person] = owner.mark;
}

std::size_t PersonKeys::unwritten_addresses() const {
    std::lock_guard const guard(mutex_);
    return addresses_.size();
}

std::size_t PersonKeys::unwritten() const {
    std::lock_guard const guard(mutex_);
    return unwritten_.size();
}

Result<void> PersonKeys::record(ports::KeyCheckpoint const& up_to) {
    return write({}, up_to);
}

Result<void> PersonKeys::forget(std::vector<Id128> const& persons,
                                ports::KeyCheckpoint const& up_to) {
    KONTOR_TRY(write(persons, up_to));
    for (auto const& person : persons) {
        KONTOR_TRY(auto const stored, store_.find(person));
        std::lock_guard const guard(mutex_);
        owners_.drop(person);
        unwritten_.erase(person);
        if (stored)
            open_.drop(stored->number);
    }
    return {};
}

/// Errors: full, unavailable, corrupt, broken.
Result<void> PersonKeys::write(std::vector<Id128> const& persons,
                               ports::KeyCheckpoint const& up_to) {
    ports::KeyChanges changes{{}, persons, up_to};
    {
        std::lock_guard const guard(mutex_);
        for (auto const& [person, number] : unwritten_)
            writing_.insert_or_assign(person, number);
        unwritten_.clear();
        changes.owners = std::exchange(remembered_, {});
        for (auto const& [person, number] : writing_)
            changes.owners.push_back({number, person});
        for (auto const& [person, mark] : addresses_)
            changes.addresses.push_back({person, mark});
    }
    KONTOR_TRY(store_.record(changes)); // nobody waits for this sync
    std::lock_guard const guard(mutex_);
    if (changes.owners.size() > writing_.size())
        KONTOR_TRY(read_ahead()); // the log gave some of them away
    for (auto const& [person, number] : writing_)
        owners_.put(person, number);
    writing_.clear();
    addresses_.clear(); // they are noted on this thread alone
    written_to_ = up_to;
    return {};
}

} // namespace kontor::sealing
