#pragma once

/// What happened to one webhook.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one. A fact changes in one way only: an optional field added at its end.
///
/// Invariant: no secret stands in a fact; secrets are derived from their number.
/// Source: INTERFACES section 5, webhooks; RELIABILITY section 8, webhooks out.

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace kontor::webhook {

struct Settings {
    std::string url;
    std::string pattern; ///< of the events that are told, in the language of rules
    std::string description;
    bool enabled;
    friend bool operator==(Settings const&, Settings const&) = default;
};
BOOST_DESCRIBE_STRUCT(Settings, (), (url, pattern, description, enabled))
static_assert(describes_every_field<Settings>());

/// Stored as its number: only ever added to.
enum class Why : std::uint8_t {
    gone = 1,     ///< the receiver said so (410)
    exhausted = 2 ///< a delivery failed as often as it is tried
};
BOOST_DESCRIBE_ENUM(Why, gone, exhausted)

struct Added {
    Settings settings;
    friend bool operator==(Added const&, Added const&) = default;
};
BOOST_DESCRIBE_STRUCT(Added, (), (settings))
static_assert(describes_every_field<Added>());

struct Changed {
    Settings settings;
    friend bool operator==(Changed const&, Changed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Changed, (), (settings))
static_assert(describes_every_field<Changed>());

/// The secret of this number signs from now on; the one before it signs, too, for a while.
struct SecretRotated {
    std::uint32_t number;
    Instant at;
    friend bool operator==(SecretRotated const&, SecretRotated const&) = default;
};
BOOST_DESCRIBE_STRUCT(SecretRotated, (), (number, at))
static_assert(describes_every_field<SecretRotated>());

/// Nothing is sent until somebody enables it again.
struct Disabled {
    Why why;
    std::uint64_t position; ///< of the fact whose delivery ended so
    friend bool operator==(Disabled const&, Disabled const&) = default;
};
BOOST_DESCRIBE_STRUCT(Disabled, (), (why, position))
static_assert(describes_every_field<Disabled>());

/// Somebody wants to see whether something arrives: this fact itself is sent.
struct Tested {
    friend bool operator==(Tested, Tested) = default;
};
BOOST_DESCRIBE_STRUCT(Tested, (), ())
static_assert(describes_every_field<Tested>());

struct ResendAsked {
    std::uint64_t position; ///< of the fact that is sent once more
    friend bool operator==(ResendAsked const&, ResendAsked const&) = default;
};
BOOST_DESCRIBE_STRUCT(ResendAsked, (), (position))
static_assert(describes_every_field<ResendAsked>());

struct Removed {
    friend bool operator==(Removed, Removed) = default;
};
BOOST_DESCRIBE_STRUCT(Removed, (), ())
static_assert(describes_every_field<Removed>());

using Event = std::variant<Added, Changed, SecretRotated, Disabled, Tested, ResendAsked, Removed>;

} // namespace kontor::webhook
