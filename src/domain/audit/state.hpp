#pragma once

/// What the audit record adds up to: how many entries there are.

#include "domain/audit/events.hpp"

#include <cstdint>

namespace kontor::audit {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

struct Kept {
    std::uint64_t entries{0};
    friend bool operator==(Kept const&, Kept const&) = default;
};

using State = std::variant<Nothing, Kept>;

State initial();
/// Never: operators go on.
bool is_terminal(State const& state);

State evolve(State state, ActionTaken const& event);

} // namespace kontor::audit
