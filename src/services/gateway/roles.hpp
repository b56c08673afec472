#pragma once

/// Who may ask: roles are a set, none implies another.   Source: INTERFACES section 4, Callers.

#include "base/describe.hpp"

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace kontor::services::gateway {

enum class Role : std::uint8_t { customer = 1, support = 2, operations = 4, service = 8 };
BOOST_DESCRIBE_ENUM(Role, customer, support, operations, service)

class Roles {
public:
    constexpr Roles() = default;
    constexpr Roles(std::initializer_list<Role> roles) {
        for (auto const role : roles)
            bits_ |= static_cast<std::uint8_t>(role);
    }
    static constexpr Roles all() {
        return {Role::customer, Role::support, Role::operations, Role::service};
    }

    constexpr bool has(Role role) const { return (bits_ & static_cast<std::uint8_t>(role)) != 0; }
    constexpr bool has_any_of(Roles others) const { return (bits_ & others.bits_) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr void add(Role role) { bits_ |= static_cast<std::uint8_t>(role); }
    constexpr Roles without(Role role) const {
        return Roles(static_cast<std::uint8_t>(bits_ & ~static_cast<unsigned>(role)));
    }
    friend constexpr Roles operator|(Roles a, Roles b) {
        return Roles(static_cast<std::uint8_t>(a.bits_ | b.bits_));
    }
    friend constexpr bool operator==(Roles, Roles) = default;

private:
    explicit constexpr Roles(std::uint8_t bits) : bits_(bits) {}

    std::uint8_t bits_{0};
};

/// In the sequence of the enumeration.
std::vector<Role> list_of(Roles roles);

} // namespace kontor::services::gateway
