#pragma once

/// What happened to one customer, guests included.
/// Field names are the JSON format and their sequence is the binary one: a stored fact changes only
/// by an optional field added at its end.
/// Source: DOMAIN sections 10 and 11.

#include "domain/values/address.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/names.hpp"
#include "domain/values/personal.hpp"

#include "base/describe.hpp"
#include "base/inline_text.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::customer {

/// How a customer may be told something. Stored as its number: only ever added to.
enum class Channel : std::uint8_t { email = 1, webhook = 2 };
BOOST_DESCRIBE_ENUM(Channel, email, webhook)

/// What a customer may be told about: "order", "delivery", "refund".
using Topic = InlineText<31>;

/// Where news of one topic go; empty: nowhere.
struct TopicChannels {
    Topic topic;
    std::vector<Channel> channels;
    friend bool operator==(TopicChannels const&, TopicChannels const&) = default;
};
BOOST_DESCRIBE_STRUCT(TopicChannels, (), (topic, channels))
static_assert(describes_every_field<TopicChannels>());

struct Registered {
    CustomerId customer_id;
    bool guest{false};
    Country country;
    Personal<std::string> email;
    std::vector<Personal<Address>> addresses;
    std::vector<TopicChannels> channels;
    std::optional<Personal<std::string>> name{};
    std::optional<Personal<std::string>> phone{};
    friend bool operator==(Registered const&, Registered const&) = default;
};
BOOST_DESCRIBE_STRUCT(Registered, (),
                      (customer_id, guest, country, email, addresses, channels, name, phone))
static_assert(describes_every_field<Registered>());

/// The whole of it as it is from now on.
struct Changed {
    CustomerId customer_id;
    bool guest{false};
    Country country;
    Personal<std::string> email;
    std::vector<Personal<Address>> addresses;
    std::vector<TopicChannels> channels;
    std::optional<Personal<std::string>> name{};
    std::optional<Personal<std::string>> phone{};
    friend bool operator==(Changed const&, Changed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Changed, (),
                      (customer_id, guest, country, email, addresses, channels, name, phone))
static_assert(describes_every_field<Changed>());

/// Why a person's data was made unreadable. Stored as its number: only ever added to.
enum class EraseReason : std::uint8_t { requested = 1, retention_over = 2 };
BOOST_DESCRIBE_ENUM(EraseReason, requested, retention_over)

/// The person's key is destroyed right after this fact.
struct Erased {
    CustomerId customer_id;
    EraseReason reason{EraseReason::requested};
    friend bool operator==(Erased const&, Erased const&) = default;
};
BOOST_DESCRIBE_STRUCT(Erased, (), (customer_id, reason))
static_assert(describes_every_field<Erased>());

using Event = std::variant<Registered, Changed, Erased>;

} // namespace kontor::customer
