#pragma once

/// A personal value as it stands in the log:
///
///   sealed := 0x01 key nonce secret
///   key    := byte{4}     the number of the person's key, big-endian
///   nonce  := byte{12}    random, of this value alone
///   secret := byte*       AES-256-GCM of the clear value, its tag of 16 bytes behind it
///
/// Beside it, vouched for and not stored here: the fact's id (16 bytes) and the field's path
/// (codec/personal_fields.hpp), so that no value is taken for that of another fact or field.
/// Thread: one at a time.
/// Source: DOMAIN section 11.

#include "codec/personal_fields.hpp"
#include "domain/values/ids.hpp"
#include "platform/sealing/person_keys.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace kontor::sealing {

/// Which key opens a value; empty: it is no sealed value.
std::optional<ports::KeyNumber> key_number_of(std::span<std::uint8_t const> sealed);

/// Seals the facts of one command after the other: first every key is found, which may fail, then
/// every fact is sealed, which cannot.
class Sealer final : public codec::FieldSealer {
public:
    /// Both outlive it.
    Sealer(PersonKeys& keys, ports::SecretSource& secrets) : keys_(keys), secrets_(secrets) {}

    /// A new command: what was planned is forgotten.
    void begin() { plans_.clear(); }

    /// The `index`-th fact of the command will be sealed for this person.
    /// Errors: as PersonKeys::of.
    Result<void> plan(std::uint32_t index, Id128 person, Seen seen = Seen::perhaps);

    /// Seals a fact that was planned for.
    template <class Event>
    void seal(Event& event, std::uint32_t index, EventId id) {
        if (turn_to(index, id))
            codec::seal_fields(event, *this);
    }

    bool seal(std::string_view path, std::span<std::uint8_t const> clear,
              std::vector<std::uint8_t>& sealed) override;

private:
    struct Plan {
        std::uint32_t index;
        std::optional<NumberedKey> key;
    };
    bool turn_to(std::uint32_t index, EventId id);
    Nonce next_nonce();

    PersonKeys& keys_;
    ports::SecretSource& secrets_;
    Gcm gcm_{};
    std::vector<Plan> plans_{};
    Plan const* current_{nullptr};
    std::vector<std::uint8_t> beside_{};
    std::array<std::uint8_t, 21 * nonce_bytes> drawn_{}; ///< nonces, drawn many at a time
    std::size_t drawn_at_{sizeof drawn_};
};

/// Opens what was sealed, for those who may see it.
class Opener final : public codec::FieldOpener {
public:
    /// They outlive it.
    explicit Opener(PersonKeys& keys) : keys_(keys) {}

    /// Opens the fields of one fact from here on.
    Opener& of(EventId id);

    Result<bool> open(std::string_view path, std::span<std::uint8_t const> sealed,
                      std::vector<std::uint8_t>& clear) override;

    /// Values that a key was found for, but not the one that sealed them.
    std::uint64_t unreadable() const { return unreadable_; }

private:
    PersonKeys& keys_;
    Gcm gcm_{};
    std::array<std::uint8_t, 16> id_{};
    std::uint64_t unreadable_{0};
};

/// Opens a fact where there is something to open it by.   Errors: as the opener's open.
template <class Event>
Result<void> open_fact(Opener* opener, Event& event, EventId id) {
    return opener == nullptr ? Result<void>() : codec::open_fields(event, opener->of(id));
}

} // namespace kontor::sealing
