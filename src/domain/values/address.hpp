#pragma once

/// Where a parcel goes and how a person is reached. The country stays clear beside it: tax and
/// shipping need it.

#include "base/describe.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor {

struct Address {
    std::string name;
    std::vector<std::string> lines;
    std::string city;
    std::string postcode;
    std::string region{};
    friend bool operator==(Address const&, Address const&) = default;
};
BOOST_DESCRIBE_STRUCT(Address, (), (name, lines, city, postcode, region))
static_assert(describes_every_field<Address>());

struct Contact {
    std::string email;
    std::string name{};
    std::string phone{};
    friend bool operator==(Contact const&, Contact const&) = default;
};
BOOST_DESCRIBE_STRUCT(Contact, (), (email, name, phone))
static_assert(describes_every_field<Contact>());

} // namespace kontor
