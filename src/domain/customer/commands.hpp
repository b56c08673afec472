#pragma once

/// What may be asked of one customer.

#include "domain/customer/events.hpp"

namespace kontor::customer {

/// Everything we hold of a person beside their orders.
struct Profile {
    bool guest{false};
    Country country;
    Personal<std::string> email{};
    std::vector<Personal<Address>> addresses{};
    std::vector<TopicChannels> channels{};
    std::optional<Personal<std::string>> name{};
    std::optional<Personal<std::string>> phone{};
    friend bool operator==(Profile const&, Profile const&) = default;
};

struct Register {
    CustomerId customer_id;
    Profile profile;
    friend bool operator==(Register const&, Register const&) = default;
};

struct Change {
    CustomerId customer_id;
    Profile profile;
    friend bool operator==(Change const&, Change const&) = default;
};

/// The caller brings what this stream cannot know: orders that have not ended, disputes that are
/// open, and that a guest who never registered has ordered something.
struct Erase {
    CustomerId customer_id;
    EraseReason reason{EraseReason::requested};
    std::uint32_t open_orders{0};
    std::uint32_t open_disputes{0};
    bool has_ordered{false};
    friend bool operator==(Erase const&, Erase const&) = default;
};

using Command = std::variant<Register, Change, Erase>;

} // namespace kontor::customer
