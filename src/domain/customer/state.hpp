#pragma once

/// What the facts of one customer add up to. Source: DOMAIN section 11.

#include "domain/customer/commands.hpp"

namespace kontor::customer {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

struct Active {
    Profile profile;
    friend bool operator==(Active const&, Active const&) = default;
};

/// Nothing of the person is left here.
struct Forgotten {
    friend bool operator==(Forgotten, Forgotten) = default;
};

using State = std::variant<Nothing, Active, Forgotten>;

State initial();
bool is_terminal(State const& state);

State evolve(State state, Registered const& event);
State evolve(State state, Changed const& event);
State evolve(State state, customer::Erased const& event);

} // namespace kontor::customer
